using System.Text;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Connections;

/// <summary>What a server connection told, as text in order. It answers with verdicts from a list, one after the other.</summary>
internal sealed class ServerConnectionEffects(ServerConnection connection, PacketVerdict[] verdicts) : IServerEffects
{
    private int _calls;

    public List<string> Told { get; } = [];

    /// <summary>Whether the last answer asked for a stop, so that the connection must be asked to go on.</summary>
    public bool IsStopped { get; set; }

    public PacketVerdict Connect(in ConnectPacket packet)
    {
        PacketVerdict verdict = Answer($"connect {packet.Version} {Encoding.UTF8.GetString(packet.ClientIdentifier)} will {Hex(packet.WillPayload)}");
        if (verdict != PacketVerdict.Retry)
        {
            connection.Accept();
        }

        return verdict;
    }

    public PacketVerdict Deliver(in PublishPacket packet, in PacketFrame frame) => Answer($"deliver {Hex(packet.Topic)} {Hex(frame.Bytes)}");

    public PacketVerdict Acknowledge(in AcknowledgementPacket packet) =>
        Answer($"{packet.Type} {packet.PacketIdentifier} {packet.Reason} {Hex(packet.ReasonString)} {Hex(packet.UserProperties)}");

    public PacketVerdict Subscribe(in SubscribePacket packet, in PacketFrame frame) => Answer($"subscribe {packet.FilterCount} {Hex(frame.Bytes)}");

    public PacketVerdict Unsubscribe(in UnsubscribePacket packet, in PacketFrame frame) => Answer($"unsubscribe {packet.FilterCount} {Hex(frame.Bytes)}");

    public PacketVerdict Ping() => Answer("ping");

    public PacketVerdict Authenticate(in AuthPacket packet, in PacketFrame frame) => Answer($"authenticate {packet.Reason} {Hex(frame.Bytes)}");

    public void Disconnect(in DisconnectPacket packet) => Told.Add($"disconnect {packet.Reason} {packet.SessionExpiryIntervalSeconds}");

    public void Violate(in ProtocolViolation violation) => Told.Add($"violation {violation.Reason} {violation.Statement}");

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);

    private PacketVerdict Answer(string what)
    {
        PacketVerdict verdict = verdicts[_calls++ % verdicts.Length];
        IsStopped = verdict is PacketVerdict.Pause or PacketVerdict.Retry;
        Told.Add($"{what}: {verdict}");
        return verdict;
    }
}
