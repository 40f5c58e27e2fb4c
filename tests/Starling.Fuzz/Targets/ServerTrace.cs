using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Fuzz.Targets;

/// <summary>Notes what a server's connection tells, and answers as it is told to.</summary>
internal sealed class ServerTrace(ServerConnection connection) : IServerEffects
{
    /// <summary>Answers in order; then <see cref="PacketVerdict.Continue"/>.</summary>
    public Queue<PacketVerdict> Verdicts { get; } = new();

    public List<string> Told { get; } = [];

    /// <summary>The last answer.</summary>
    public PacketVerdict Last { get; private set; }

    /// <summary>Accepts every CONNECT, unless it is to come again.</summary>
    public PacketVerdict Connect(in ConnectPacket packet)
    {
        PacketVerdict verdict = Note($"CONNECT {packet.Version} {Hex(packet.ClientIdentifier)}");
        if (verdict != PacketVerdict.Retry)
        {
            connection.Accept();
        }

        return verdict;
    }

    public PacketVerdict Deliver(in PublishPacket packet, in PacketFrame frame) =>
        Note($"PUBLISH {packet.Qos} {packet.PacketIdentifier} {Hex(packet.Topic)} {Hex(packet.Payload)}");

    public PacketVerdict Acknowledge(in AcknowledgementPacket packet) => Note($"{packet.Type} {packet.PacketIdentifier} {packet.Reason}");

    public PacketVerdict Subscribe(in SubscribePacket packet, in PacketFrame frame)
    {
        int filters = 0;
        foreach (SubscribeFilter filter in packet.Filters)
        {
            filters += filter.Filter.Length;
        }

        return Note($"SUBSCRIBE {packet.PacketIdentifier} {packet.FilterCount} {filters}");
    }

    public PacketVerdict Unsubscribe(in UnsubscribePacket packet, in PacketFrame frame) =>
        Note($"UNSUBSCRIBE {packet.PacketIdentifier} {packet.FilterCount}");

    public PacketVerdict Ping() => Note("PINGREQ");

    public PacketVerdict Authenticate(in AuthPacket packet, in PacketFrame frame) => Note($"AUTH {packet.Reason}");

    public void Disconnect(in DisconnectPacket packet) => Note($"DISCONNECT {packet.Reason}");

    public void Violate(in ProtocolViolation violation) => Note($"violation {violation.Reason} {violation.Statement}");

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);

    private PacketVerdict Note(string told)
    {
        Told.Add(told);
        return Last = Verdicts.TryDequeue(out PacketVerdict verdict) ? verdict : PacketVerdict.Continue;
    }
}
