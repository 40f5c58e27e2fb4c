using System.Text;
using Starling.Conformance.Cases;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>What a connection is answered, apart from messages. Explanations go with it where they may and fit.</summary>
internal sealed class Replies(ScriptedConnection connection)
{
    private static readonly byte[] Explanation =
        [.. Property.Text(PropertyId.ReasonString, "as scripted"), .. Property.User("by", "script")];

    /// <summary>CONNACK that accepts. A client that cannot take it is not served.</summary>
    public void ConnAck(bool isSessionPresent)
    {
        int flags = isSessionPresent && (connection.Version != MqttVersion.V31 || connection.Has(Fault.SessionPresentIn31)) ? 1 : 0;
        flags |= connection.Has(Fault.ConnAckReservedFlagSent) ? 2 : 0;
        byte[] properties = connection.IsV5 ? WelcomeProperties() : [];
        byte[] body = WithProperties([(byte)flags, 0], properties);
        SendSized(PacketType.ConnAck, body);
        if (IsTooLarge(body))
        {
            connection.Close();
        }
    }

    public void RefuseConnect(ReasonCode reason)
    {
        byte flags = connection.Has(Fault.SessionPresentOnRefusal) ? (byte)1 : (byte)0;
        if (connection.IsV5)
        {
            byte code = connection.Has(Fault.ConnAckCodeUnknown) && reason == ReasonCode.BadUserNameOrPassword ? (byte)0x8D : (byte)reason;
            SendExplained(PacketType.ConnAck, 0, Fault.ConnAckExplainedOverSize, properties => WithProperties([flags, code], properties));
            return;
        }

        byte old = reason switch
        {
            ReasonCode.UnsupportedProtocolVersion => connection.Has(Fault.UnknownVersionRefusedSilently) ? (byte)0 : (byte)1,
            ReasonCode.ClientIdentifierNotValid => connection.Has(Fault.IdentifierRefusedWithOtherCode) ? (byte)5 : (byte)2,
            ReasonCode.BadUserNameOrPassword => 4,
            ReasonCode.NotAuthorized => 5,
            _ => connection.Has(Fault.FormatErrorAnswered) && connection.Version != MqttVersion.None ? (byte)5 : (byte)0,
        };
        if (old > 0)
        {
            connection.Send(0x20, [flags, old]);
        }
    }

    public void Acknowledge(PacketType type, int identifier, ReasonCode reason)
    {
        int sent = connection.Fault switch
        {
            Fault.PubAckIdentifierCut when type == PacketType.PubAck => identifier & 0xFF,
            Fault.PubRecIdentifierCut when type == PacketType.PubRec => identifier & 0xFF,
            Fault.PubCompIdentifierCut when type == PacketType.PubComp => identifier & 0xFF,
            _ => identifier,
        };
        byte[] fields = new ByteWriter().TwoByte(sent).ToArray();
        int flags = type == PacketType.PubRel && !connection.Has(Fault.PubRelFlagsWrong) ? 2 : 0;
        reason = type switch
        {
            PacketType.PubAck when connection.Has(Fault.PubAckCodeUnknown) => ReasonCode.GrantedQoS1,
            PacketType.PubRec when connection.Has(Fault.PubRecCodeUnknown) => ReasonCode.GrantedQoS1,
            PacketType.PubRel when connection.Has(Fault.PubRelCodeUnknown) => ReasonCode.GrantedQoS1,
            PacketType.PubComp when connection.Has(Fault.PubCompCodeUnknown) => ReasonCode.GrantedQoS1,
            _ => reason,
        };
        if (!connection.IsV5 || reason == ReasonCode.Success)
        {
            SendSized(type, fields, flags);
            return;
        }

        Fault oversize = type switch
        {
            PacketType.PubAck => Fault.PubAckExplainedOverSize,
            PacketType.PubRec => Fault.PubRecExplainedOverSize,
            PacketType.PubRel => Fault.PubRelExplainedOverSize,
            _ => Fault.PubCompExplainedOverSize,
        };
        SendExplained(type, flags, oversize, properties => WithProperties([.. fields, (byte)reason], properties));
    }

    /// <summary>SUBACK or UNSUBACK.</summary>
    public void Codes(PacketType type, int identifier, IReadOnlyList<byte> codes)
    {
        bool isSubAck = type == PacketType.SubAck;
        bool isVaried = codes.Count > 2 && codes.Distinct().Count() == codes.Count;
        if (connection.Fault switch
        {
            Fault.SubAckForEachFilter => isSubAck && isVaried,
            Fault.UnsubAckForEachFilter => !isSubAck && codes.Count > 1,
            _ => false,
        })
        {
            foreach (byte code in codes)
            {
                Codes(type, identifier, [code]);
            }

            return;
        }

        int sent = connection.Has(isSubAck ? Fault.SubAckIdentifierCut : Fault.UnsubAckIdentifierCut) ? identifier & 0xFF : identifier;
        byte[] fields = new ByteWriter().TwoByte(sent).ToArray();
        byte[] list = connection.Fault switch
        {
            Fault.SubAckCodesReversed when isSubAck => [.. codes.Reverse()],
            Fault.SubAckCodeMissing when isSubAck && isVaried => [.. codes.SkipLast(1)],
            Fault.SubAckCodeUnknown when isSubAck => [.. codes.Select(code => code < 0x80 ? code : (byte)0x81)],
            Fault.UnsubAckCodesReversed when !isSubAck => [.. codes.Reverse()],
            Fault.UnsubAckCodeMissing when !isSubAck && codes.Count > 2 => [.. codes.SkipLast(1)],
            Fault.UnsubAckCodeUnknown when !isSubAck => [.. codes.Select(code => code == 0 ? code : (byte)1)],
            _ => [.. codes],
        };
        if (!connection.IsV5)
        {
            connection.Send((int)type << 4, isSubAck ? [.. fields, .. list] : fields);
            return;
        }

        Fault oversize = isSubAck ? Fault.SubAckExplainedOverSize : Fault.UnsubAckExplainedOverSize;
        SendExplained(type, 0, oversize, properties => [.. WithProperties(fields, properties), .. list]);
    }

    public void PingResp()
    {
        if (connection.Has(Fault.FullWindowHoldsUpOthers) && connection.Session?.Window.IsFull == true)
        {
            return;
        }

        byte[] body = connection.Has(Fault.PingRespWithBody) ? [0] : [];
        connection.Send(connection.Has(Fault.PingRespFlagsWrong) ? 0xD1 : 0xD0, body);
    }

    /// <summary>DISCONNECT of 5.0; 3.x has none.</summary>
    public void Disconnect(ReasonCode reason)
    {
        if (!connection.IsV5)
        {
            return;
        }

        byte code = connection.Has(Fault.DisconnectCodeUnknown) && reason == ReasonCode.SessionTakenOver ? (byte)0x85 : (byte)reason;
        byte[] expiry = connection.Has(Fault.SessionExpiryInDisconnect) ? Property.SessionExpiryInterval(1) : [];
        SendExplained(
            PacketType.Disconnect, 0, Fault.DisconnectExplainedOverSize, properties => WithProperties([code], [.. properties, .. expiry]));
        if (connection.Has(Fault.PacketBehindDisconnectSent))
        {
            connection.Send(0xD0, []);
        }
    }

    public void Auth(ReasonCode reason, string method, string data)
    {
        byte code = connection.Has(Fault.AuthCodeUnknown) ? (byte)2 : (byte)reason;
        byte[] named = Property.Data(PropertyId.AuthenticationMethod, Encoding.Latin1.GetBytes(method));
        byte[] fields =
        [
            .. connection.Has(Fault.AuthWithoutMethodSent) ? [] : named,
            .. Property.Data(PropertyId.AuthenticationData, Encoding.Latin1.GetBytes(data)),
        ];
        SendExplained(PacketType.Auth, 0, Fault.AuthExplainedOverSize, properties => WithProperties([code], [.. fields, .. properties]));
    }

    private byte[] WelcomeProperties()
    {
        ConnectRequest? request = connection.Request;
        List<byte> properties =
        [
            .. Property.ReceiveMaximum(ScriptedServer.ReceiveMaximum),
            .. Property.TopicAliasMaximum(connection.Has(Fault.TopicAliasesTakenUnannounced) ? 0 : ScriptedServer.TopicAliasMaximum),
            .. Property.MaximumPacketSize(ScriptedServer.MaximumPacketSize),
        ];
        if (Lacks(connection.Fault) is { } lack)
        {
            properties.AddRange(Property.Number(lack, lack == PropertyId.MaximumQos ? 1 : 0));
        }

        if (connection.IsIdentifierAssigned && request is not null && !connection.Has(Fault.AssignedIdentifierUntold))
        {
            properties.AddRange(Property.Text(PropertyId.AssignedClientIdentifier, request.ClientIdentifier));
        }

        if (request?.WantsResponseInformation == true || connection.Has(Fault.ResponseInformationUnasked))
        {
            properties.AddRange(Property.Text(PropertyId.ResponseInformation, "answers"));
        }

        if (connection.Authentication is { } exchange)
        {
            string method = connection.Has(Fault.ConnAckMethodMissing) ? "OTHER" : exchange.Method;
            properties.AddRange(Property.Data(PropertyId.AuthenticationMethod, Encoding.Latin1.GetBytes(method)));
            properties.AddRange(Property.Text(PropertyId.AuthenticationData, Preparation.MethodWelcome));
        }
        else if (connection.Has(Fault.MethodUnasked))
        {
            properties.AddRange(Property.Text(PropertyId.AuthenticationMethod, Preparation.Method));
        }

        return [.. properties];
    }

    /// <summary>What it says it lacks, though it has it.</summary>
    private static PropertyId? Lacks(Fault fault) => fault switch
    {
        Fault.Qos2TakenUnannounced => PropertyId.MaximumQos,
        Fault.RetainTakenUnannounced => PropertyId.RetainAvailable,
        Fault.WildcardsTakenUnannounced => PropertyId.WildcardSubscriptionAvailable,
        Fault.SharesTakenUnannounced => PropertyId.SharedSubscriptionAvailable,
        Fault.SubscriptionIdentifiersTakenUnannounced => PropertyId.SubscriptionIdentifiersAvailable,
        _ => null,
    };

    private void SendExplained(PacketType type, int flags, Fault oversize, Func<byte[], byte[]> build)
    {
        bool mayExplain = connection.Request?.WantsExplanations != false || type is PacketType.ConnAck or PacketType.Disconnect
            || connection.Has(Fault.ExplainedUnasked);
        byte[] body = build(mayExplain ? Explanation : []);
        if (IsTooLarge(body) && !connection.Has(oversize))
        {
            body = build([]);
        }

        SendSized(type, body, flags, connection.Has(oversize));
    }

    private void SendSized(PacketType type, byte[] body, int flags = 0, bool isForced = false)
    {
        if (isForced || !IsTooLarge(body))
        {
            connection.Send(((int)type << 4) | flags, body);
        }
    }

    private bool IsTooLarge(byte[] body) => PacketBytes.Frame(0, body).Length > (connection.Request?.MaximumPacketSize ?? uint.MaxValue);

    private byte[] WithProperties(byte[] fields, byte[] properties) =>
        connection.IsV5 ? new ByteWriter().Raw(fields).Block(properties).ToArray() : fields;
}
