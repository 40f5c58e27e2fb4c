using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>Writes the client's acknowledgements within the server's Maximum Packet Size.</summary>
internal sealed class AcknowledgementWriter(IConnectionOutput output, MqttVersion version, uint maximumPacketBytes)
{
    private const uint CodeBytes = 5;

    /// <summary>
    /// What can be said: a packet with a code has one byte more than one without, and a server may take none of that size
    /// [MQTT-3.2.2-15]. Without its code a refusal is an acknowledgement, as always in 3.x.
    /// </summary>
    public ReasonCode Fit(ReasonCode reason) =>
        version == MqttVersion.V5 && maximumPacketBytes < CodeBytes ? ReasonCode.Success : reason;

    /// <summary>Writes PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public void Write(PacketType type, ushort packetIdentifier, ReasonCode reason, ReadOnlySpan<byte> reasonString = default)
    {
        AcknowledgementPacket packet = new()
        {
            Type = type,
            PacketIdentifier = packetIdentifier,
            Reason = Fit(reason),
            ReasonString = reasonString,
        };
        if (!reasonString.IsEmpty && packet.GetByteCount(version) > maximumPacketBytes)
        {
            // The text is for people; the packet must get through [MQTT-3.4.2-2] [MQTT-3.5.2-2].
            packet.ReasonString = default;
        }

        output.Advance(packet.Write(output.GetSpan(packet.GetByteCount(version)), version));
    }
}
