using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>What the server of a case answers: everything as it should, except what the case sets.</summary>
internal sealed class ServerScript
{
    /// <summary>The answers to CONNECT of the next connections, empty for none; then the usual one.</summary>
    public Queue<byte[]> ConnAcks { get; } = new();

    /// <summary>The properties of the usual CONNACK.</summary>
    public byte[] ConnAckProperties { get; set; } = [];

    /// <summary>Whether sessions are kept, so that the usual CONNACK tells of one.</summary>
    public bool KeepsSessions { get; set; } = true;

    /// <summary>Packet types that get no answer.</summary>
    public HashSet<PacketType> Silent { get; } = [];

    /// <summary>Answers in place of the usual ones.</summary>
    public Dictionary<PacketType, Func<ReceivedPacket, byte[]>> Answers { get; } = [];

    public byte[] AnswerTo(ReceivedPacket packet, MqttVersion version, bool isFirstConnection)
    {
        if (packet.Connect is { } connect)
        {
            return ConnAcks.TryDequeue(out byte[]? connAck)
                ? connAck
                : ServerBytes.ConnAck(version, KeepsSessions && !connect.CleanStart && !isFirstConnection, 0, ConnAckProperties);
        }

        if (Silent.Contains(packet.Type) || packet is { Type: PacketType.Publish, Qos: 0 })
        {
            return [];
        }

        if (Answers.TryGetValue(packet.Type, out Func<ReceivedPacket, byte[]>? answer))
        {
            return answer(packet);
        }

        return packet.Type switch
        {
            PacketType.Publish when packet.Qos == 1 => PacketBytes.Acknowledge(PacketType.PubAck, packet.Identifier),
            PacketType.Publish when packet.Qos == 2 => PacketBytes.Acknowledge(PacketType.PubRec, packet.Identifier),
            PacketType.PubRec when packet.Reason < ReasonCode.UnspecifiedError => PacketBytes.Acknowledge(PacketType.PubRel, packet.Identifier),
            PacketType.PubRel => PacketBytes.Acknowledge(PacketType.PubComp, packet.Identifier),
            PacketType.Subscribe =>
                ServerBytes.SubAck(version, packet.Identifier, [.. packet.Filters.Select(filter => (byte)(filter.Options & 3))]),
            PacketType.Unsubscribe => ServerBytes.UnsubAck(version, packet.Identifier, new byte[packet.Filters.Count]),
            PacketType.PingReq => ServerBytes.PingResp,
            _ => [],
        };
    }
}
