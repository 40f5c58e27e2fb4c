using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Reads CONNECT.</summary>
internal static class ConnectParser
{
    /// <summary>The version that a CONNECT names; none when it is not one of ours.</summary>
    /// <exception cref="RefusalException">It is no version that there is.</exception>
    public static MqttVersion ReadVersion(FieldReader reader, Fault fault)
    {
        string name = reader.Text(Fault.None);
        int level = reader.Byte();
        if (fault == Fault.ProtocolNameUnchecked && name is not "MQIsdp")
        {
            name = "MQTT";
        }

        if (name is not ("MQTT" or "MQIsdp"))
        {
            throw new RefusalException(ReasonCode.MalformedPacket);
        }

        return (name, level) switch
        {
            ("MQTT", 5) => MqttVersion.V5,
            ("MQTT", 4) => MqttVersion.V311,
            ("MQIsdp", 3) => MqttVersion.V31,
            ("MQTT", 3) when fault == Fault.ProtocolNameOfOtherVersionTolerated => MqttVersion.V31,
            (_, > 5) when fault == Fault.ProtocolVersionUnchecked => MqttVersion.V5,
            _ => throw new RefusalException(ReasonCode.UnsupportedProtocolVersion),
        };
    }

    public static ConnectRequest ReadFields(FieldReader reader, MqttVersion version, Fault fault)
    {
        int flags = reader.Byte();
        bool hasWill = (flags & 4) != 0;
        bool hasUserName = (flags & 0x80) != 0;
        bool hasPassword = (flags & 0x40) != 0;
        int willQos = (flags >> 3) & 3;
        Demand((flags & 1) == 0 || fault == Fault.ConnectReservedFlagTolerated);
        Demand(hasWill || willQos == 0 || fault == Fault.WillQosWithoutWillTolerated);
        Demand(hasWill || (flags & 0x20) == 0 || fault == Fault.WillRetainWithoutWillTolerated);
        Demand(willQos != 3 || fault == Fault.WillQos3Tolerated);
        Demand(hasUserName || !hasPassword || version == MqttVersion.V5 || fault == Fault.PasswordWithoutUserNameTolerated);
        Demand(hasUserName || !hasPassword || version != MqttVersion.V5 || fault != Fault.PasswordAloneRefused);
        int keepAlive = reader.TwoByte();
        PropertyList properties = Properties(reader, version, PacketType.Connect);
        string clientIdentifier = fault == Fault.MissingClientIdentifierTolerated && reader.IsAtEnd
            ? "missing"
            : reader.Text(Fault.IllFormedClientIdentifierTolerated);
        ScriptedWill? will = null;
        if (hasWill && !(fault == Fault.MissingWillTolerated && reader.IsAtEnd))
        {
            PropertyList willProperties = Properties(reader, version, WirePropertyTable.Will);
            string topic = reader.Text(Fault.IllFormedWillTopicTolerated);
            Demand(Topics.IsName(topic) || fault == Fault.WillTopicUnchecked, ReasonCode.TopicNameInvalid);
            will = new ScriptedWill(topic, reader.Binary(), Math.Min(willQos, 2), (flags & 0x20) != 0, willProperties);
        }

        // Old clients of 3.1 set the flags and leave the fields out.
        bool mayMissUserName = version == MqttVersion.V31 ? fault != Fault.MissingLoginRefused : fault == Fault.MissingUserNameTolerated;
        bool mayMissPassword = version == MqttVersion.V31 ? fault != Fault.MissingLoginRefused : fault == Fault.MissingPasswordTolerated;
        string? userName = hasUserName && !(mayMissUserName && reader.IsAtEnd) ? reader.Text(Fault.IllFormedUserNameTolerated) : null;
        if (hasPassword && !(mayMissPassword && reader.IsAtEnd))
        {
            reader.Binary();
        }

        reader.End(Fault.BytesBehindConnectTolerated);
        Demand(!properties.Has(PropertyId.AuthenticationData) || properties.Has(PropertyId.AuthenticationMethod)
            || fault == Fault.AuthenticationDataAloneTolerated, ReasonCode.ProtocolError);
        return new ConnectRequest(clientIdentifier, (flags & 2) != 0, keepAlive, properties) { Will = will, UserName = userName };
    }

    private static PropertyList Properties(FieldReader reader, MqttVersion version, PacketType packet) =>
        version == MqttVersion.V5 ? reader.Properties(packet) : PropertyList.Empty;

    private static void Demand(bool condition, ReasonCode reason = ReasonCode.MalformedPacket)
    {
        if (!condition)
        {
            throw new RefusalException(reason);
        }
    }
}
