using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>Writes the client's DISCONNECT, as far as the version and the server's Maximum Packet Size let it.</summary>
internal static class DisconnectWriter
{
    public static void Write(
        IConnectionOutput output, MqttVersion version, uint maximumPacketBytes, ReasonCode reason, uint? sessionExpiryIntervalSeconds)
    {
        bool isV5 = version == MqttVersion.V5;

        // 3.x has one DISCONNECT, and it means that all is well [MQTT-3.14.4-3].
        if (!isV5 && reason != ReasonCode.Success)
        {
            return;
        }

        DisconnectPacket packet = new() { Reason = reason, SessionExpiryIntervalSeconds = isV5 ? sessionExpiryIntervalSeconds : null };
        if ((uint)packet.GetByteCount(version) > maximumPacketBytes)
        {
            packet.SessionExpiryIntervalSeconds = null;
        }

        // What does not fit is not sent; the close says the rest [MQTT-3.2.2-15].
        int packetBytes = packet.GetByteCount(version);
        if ((uint)packetBytes <= maximumPacketBytes)
        {
            output.Advance(packet.Write(output.GetSpan(packetBytes), version));
        }
    }
}
