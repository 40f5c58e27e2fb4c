using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>Reads CONNACK as a client does, and says what is wrong with one that accepts.</summary>
internal static class ConnAckReader
{
    private const int BodyBytesV3 = 2;

    public static bool TryRead(
        scoped in PacketFrame frame, ClientConnectionSettings settings, out ConnAckPacket packet, out ProtocolViolation violation)
    {
        // A server that does not know 5.0 refuses in the form of 3.x, which is shorter than any CONNACK of 5.0.
        bool isOldForm = settings.Version == MqttVersion.V5 && frame.Body.Length == BodyBytesV3;
        bool isRead = ConnAckPacket.TryRead(frame, isOldForm ? MqttVersion.V311 : settings.Version, out packet, out violation);
        if (isRead && isOldForm && packet.Reason < ReasonCode.UnspecifiedError)
        {
            violation = new ProtocolViolation(ReasonCode.MalformedPacket, "MQTT-2.2.2-1");
        }

        return violation.IsNone;
    }

    public static ProtocolViolation Check(
        scoped in ConnAckPacket packet, ClientConnectionSettings settings, ClientSession session, AuthenticationFlow authentication)
    {
        if (packet.SessionPresent && settings.CleanStart)
        {
            // After Clean Start there is nothing to continue [MQTT-3.2.2-2].
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.2.2-2");
        }

        if (packet.SessionPresent && !session.IsHeld)
        {
            // A session of which this side has no state cannot be continued [MQTT-3.2.2-4].
            return new ProtocolViolation(ReasonCode.ProtocolError, "MQTT-3.2.2-4");
        }

        return settings.Version == MqttVersion.V5
            ? authentication.CheckMethod(packet.HasAuthenticationMethod, packet.AuthenticationMethod)
            : default;
    }
}
