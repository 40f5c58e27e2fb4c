using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Takes a packet behind CONNECT to what handles it.</summary>
internal static class PacketDispatch
{
    public static void OnPacket(ScriptedConnection connection, PacketType type, int flags, FieldReader reader)
    {
        Demand(type == PacketType.Publish || AreFlagsGood(connection, type, flags), ReasonCode.MalformedPacket);
        if (connection.Session is not { } session)
        {
            bool isDue = type is PacketType.Auth or PacketType.Disconnect;
            Demand(isDue || connection.Has(Fault.PacketWhileAuthenticatingTolerated), ReasonCode.ProtocolError);
            if (type == PacketType.Auth)
            {
                Authenticating.OnAuth(connection, reader);
            }
            else if (type == PacketType.Disconnect)
            {
                connection.Close();
            }

            return;
        }

        switch (type)
        {
            case PacketType.Publish:
                Publishing.OnPublish(connection, session, flags, reader);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Acknowledging.OnAcknowledgement(connection, session, type, reader);
                break;
            case PacketType.Subscribe:
                Subscribing.OnSubscribe(connection, session, reader);
                break;
            case PacketType.Unsubscribe:
                Subscribing.OnUnsubscribe(connection, session, reader);
                break;
            case PacketType.PingReq:
                reader.End(Fault.BytesInPingTolerated);
                connection.Replies.PingResp();
                break;
            case PacketType.Disconnect:
                Disconnecting.OnDisconnect(connection, session, reader);
                break;
            case PacketType.Auth when connection.IsV5:
                Authenticating.OnAuth(connection, reader);
                break;
            default:
                OnUnexpected(connection, type);
                break;
        }
    }

    private static void OnUnexpected(ScriptedConnection connection, PacketType type)
    {
        Fault tolerance = type switch
        {
            PacketType.Connect => Fault.SecondConnectTolerated,
            PacketType.None => Fault.PacketType0Tolerated,
            PacketType.Auth => Fault.PacketType15Tolerated,
            _ => Fault.PacketOfServerTolerated,
        };
        bool isReserved = type is PacketType.None or PacketType.Auth;
        Demand(connection.Has(tolerance), isReserved ? ReasonCode.MalformedPacket : ReasonCode.ProtocolError);
    }

    private static bool AreFlagsGood(ScriptedConnection connection, PacketType type, int flags)
    {
        bool hasQos = type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe;

        // In 3.1 these three are themselves sent at QoS 1 and may be repeated.
        bool mayRepeat = hasQos && connection.Version == MqttVersion.V31 && !connection.Has(Fault.RepeatedRequestRefused);
        int due = hasQos ? 2 : 0;
        return flags == due || (mayRepeat && flags == (due | 8)) || connection.Has(ToleranceOf(type));
    }

    private static Fault ToleranceOf(PacketType type) => type switch
    {
        PacketType.PubAck => Fault.PubAckFlagsTolerated,
        PacketType.PubRec => Fault.PubRecFlagsTolerated,
        PacketType.PubRel => Fault.PubRelFlagsTolerated,
        PacketType.PubComp => Fault.PubCompFlagsTolerated,
        PacketType.Subscribe => Fault.SubscribeFlagsTolerated,
        PacketType.Unsubscribe => Fault.UnsubscribeFlagsTolerated,
        PacketType.PingReq => Fault.PingReqFlagsTolerated,
        PacketType.Disconnect => Fault.DisconnectFlagsTolerated,
        PacketType.Auth => Fault.AuthFlagsTolerated,
        _ => Fault.None,
    };

    private static void Demand(bool condition, ReasonCode reason)
    {
        if (!condition)
        {
            throw new RefusalException(reason);
        }
    }
}
