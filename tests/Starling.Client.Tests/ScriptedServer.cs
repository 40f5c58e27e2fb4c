using System.Buffers;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Client.Tests;

/// <summary>A server that answers as it is told, and remembers what it was sent.</summary>
internal sealed class ScriptedServer
{
    private readonly List<byte> _unread = [];
    private MqttVersion _version;

    /// <summary>The CONNACKs of the next connections, in hexadecimal; then <see cref="ConnAck"/>.</summary>
    public Queue<string> ConnAcks { get; } = new();

    /// <summary>The CONNACK of a connection without one of its own; null for none at all.</summary>
    public string? ConnAck { get; set; } = "20 03 00 00 00";

    /// <summary>Answers a packet in place of all else, in hexadecimal; null for the usual answer.</summary>
    public Func<byte[], string?>? Script { get; set; }

    /// <summary>Packet types that get no answer.</summary>
    public HashSet<PacketType> Silent { get; } = [];

    /// <summary>Answers in place of the usual ones, in hexadecimal with II for the Packet Identifier.</summary>
    public Dictionary<PacketType, string> Answers { get; } = [];

    /// <summary>The packets of the client as hexadecimal, over all connections.</summary>
    public List<string> Received { get; } = [];

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The packets of one type.</summary>
    public string[] Of(PacketType type) => [.. Received.Where(packet => Convert.ToInt32(packet[..1], 16) == (int)type)];

    public void Connected() => _unread.Clear();

    /// <summary>Takes bytes of the client and gives the answer.</summary>
    public byte[] Answer(byte[] bytes)
    {
        _unread.AddRange(bytes);
        List<byte> answer = [];
        byte[] all = [.. _unread];
        int used = 0;
        while (PacketFraming.TryReadFrame(all.AsSpan(used), 1 << 24, out PacketFrame frame, out _, out _) == OperationStatus.Done)
        {
            used += frame.Bytes.Length;
            Received.Add(Convert.ToHexString(frame.Bytes));
            answer.AddRange(Bytes(Script?.Invoke(frame.Bytes.ToArray()) ?? AnswerTo(frame)));
        }

        _unread.RemoveRange(0, used);
        return [.. answer];
    }

    private string AnswerTo(PacketFrame frame)
    {
        if (frame.Type == PacketType.Connect)
        {
            Assert.True(ConnectPacket.TryRead(frame, out ConnectPacket connect, out _));
            _version = connect.Version;
            return ConnAcks.TryDequeue(out string? connAck) ? connAck : ConnAck ?? string.Empty;
        }

        string identifier = Identifier(frame);
        if (Silent.Contains(frame.Type))
        {
            return string.Empty;
        }

        if (Answers.TryGetValue(frame.Type, out string? other))
        {
            return other.Replace("II", identifier, StringComparison.Ordinal);
        }

        string block = _version == MqttVersion.V5 ? "00" : string.Empty;
        return frame.Type switch
        {
            PacketType.Publish => (frame.Flags & 6) switch { 2 => $"40 02 {identifier}", 4 => $"50 02 {identifier}", _ => string.Empty },
            PacketType.PubRel => $"70 02 {identifier}",
            PacketType.PubRec => $"62 02 {identifier}",
            PacketType.Subscribe => $"90 {3 + (block.Length / 2):X2} {identifier} {block} {frame.Bytes[^1] & 3:X2}",
            PacketType.Unsubscribe => _version == MqttVersion.V5 ? $"B0 04 {identifier} 00 00" : $"B0 02 {identifier}",
            PacketType.PingReq => "D0 00",
            _ => string.Empty,
        };
    }

    private string Identifier(PacketFrame frame)
    {
        if (frame.Type == PacketType.Publish)
        {
            Assert.True(PublishPacket.TryRead(frame, _version, out PublishPacket publish, out _));
            return publish.PacketIdentifier.ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
        }

        return frame.Body.Length >= 2 ? Convert.ToHexString(frame.Body[..2]) : string.Empty;
    }
}
