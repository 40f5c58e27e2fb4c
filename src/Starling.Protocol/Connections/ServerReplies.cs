using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>
/// The answers of a server, written in the version of the client and within its Maximum Packet Size: Reason String and User
/// Properties are left out where the packet would become too large or the client does not want them. Each returns the bytes written.
/// </summary>
public static class ServerReplies
{
    /// <summary>CONNACK [MQTT-3.2.2-19], [MQTT-3.2.2-20].</summary>
    public static int SendConnAck(this ServerConnection connection, IConnectionOutput output, ConnAckPacket packet)
    {
        int count = packet.GetByteCount(connection.Version);
        if (count > connection.PeerPacketBytesMax)
        {
            packet.ReasonString = default;
            packet.UserProperties = default;
            count = packet.GetByteCount(connection.Version);
        }

        return count <= connection.PeerPacketBytesMax ? Put(output, packet.Write(output.GetSpan(count), connection.Version)) : 0;
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP without a Reason String, in its shortest form.</summary>
    public static int SendAcknowledgement(
        this ServerConnection connection, IConnectionOutput output, PacketType type, ushort packetIdentifier, ReasonCode reason)
    {
        AcknowledgementPacket packet = new() { Type = type, PacketIdentifier = packetIdentifier, Reason = reason };
        Span<byte> span = output.GetSpan(packet.GetByteCount(connection.Version));
        return Put(output, packet.Write(span, connection.Version));
    }

    /// <summary>
    /// SUBACK with one code for each filter, in their order [MQTT-3.8.4-6], [MQTT-3.9.3-1]. Not written when it is too large for the client
    /// [MQTT-3.1.2-24].
    /// </summary>
    public static int SendSubAck(this ServerConnection connection, IConnectionOutput output, ushort packetIdentifier, ReadOnlySpan<byte> codes)
    {
        SubAckPacket packet = new() { PacketIdentifier = packetIdentifier, ReasonCodes = codes };
        int count = packet.GetByteCount(connection.Version);
        return count <= connection.PeerPacketBytesMax ? Put(output, packet.Write(output.GetSpan(count), connection.Version)) : 0;
    }

    /// <summary>UNSUBACK; one code for each filter in 5.0 [MQTT-3.11.3-1], none in 3.x. Not written when it is too large for the client.</summary>
    public static int SendUnsubAck(this ServerConnection connection, IConnectionOutput output, ushort packetIdentifier, ReadOnlySpan<byte> codes)
    {
        UnsubAckPacket packet = new() { PacketIdentifier = packetIdentifier, ReasonCodes = codes };
        int count = packet.GetByteCount(connection.Version);
        return count <= connection.PeerPacketBytesMax ? Put(output, packet.Write(output.GetSpan(count), connection.Version)) : 0;
    }

    /// <summary>PINGRESP [MQTT-3.12.4-1].</summary>
    public static int SendPingResponse(IConnectionOutput output)
    {
        PingPackets.Response.CopyTo(output.GetSpan(PingPackets.Response.Length));
        return Put(output, PingPackets.Response.Length);
    }

    /// <summary>DISCONNECT, to clients of 5.0 only: 3.x has none from the server. Left out when even the bare packet is too large.</summary>
    public static int SendDisconnect(
        this ServerConnection connection, IConnectionOutput output, ReasonCode reason, ReadOnlySpan<byte> reasonString = default)
    {
        if (connection.Version != MqttVersion.V5)
        {
            return 0;
        }

        DisconnectPacket packet = new() { Reason = reason, ReasonString = reasonString };
        int count = packet.GetByteCount(connection.Version);
        if (count > connection.PeerPacketBytesMax)
        {
            // A Reason String that would exceed the client's limit is left out [MQTT-3.14.2-3].
            packet.ReasonString = default;
            count = packet.GetByteCount(connection.Version);
        }

        return count <= connection.PeerPacketBytesMax ? Put(output, packet.Write(output.GetSpan(count), connection.Version)) : 0;
    }

    /// <summary>AUTH of the server; nothing is sent, and 0 returned, when it is larger than the client allows.</summary>
    public static int SendAuth(
        this ServerConnection connection, IConnectionOutput output, ReasonCode reason, ReadOnlySpan<byte> method, ReadOnlySpan<byte> data)
    {
        AuthPacket packet = new()
        {
            Reason = reason,
            HasAuthenticationMethod = true,
            AuthenticationMethod = method,
            HasAuthenticationData = !data.IsEmpty,
            AuthenticationData = data,
        };

        // The method and the data cannot be left out, so a client with a lower limit gets no AUTH at all [MQTT-3.1.2-24].
        int count = packet.GetByteCount(connection.Version);
        return count <= connection.PeerPacketBytesMax ? Put(output, packet.Write(output.GetSpan(count), connection.Version)) : 0;
    }

    /// <summary>
    /// The answer to a violation before the close: CONNACK before the client was accepted (3.x only where it has a code for it, and a
    /// broken format gets none there), DISCONNECT afterwards [MQTT-3.14.0-1].
    /// </summary>
    public static int SendViolation(this ServerConnection connection, IConnectionOutput output, in ProtocolViolation violation)
    {
        if (connection.WasConnected)
        {
            Span<byte> text = stackalloc byte[64];
            bool fits = System.Text.Encoding.UTF8.TryGetBytes(violation.Statement, text, out int length);
            return connection.SendDisconnect(output, violation.Reason, fits ? text[..length] : default);
        }

        bool hasCode3x = violation.Reason is ReasonCode.UnsupportedProtocolVersion or ReasonCode.ClientIdentifierNotValid;
        return connection.Version == MqttVersion.V5 || (connection.Version != MqttVersion.None && hasCode3x)
            ? connection.SendConnAck(output, new ConnAckPacket { Reason = violation.Reason })
            : 0;
    }

    private static int Put(IConnectionOutput output, int byteCount)
    {
        output.Advance(byteCount);
        return byteCount;
    }
}
