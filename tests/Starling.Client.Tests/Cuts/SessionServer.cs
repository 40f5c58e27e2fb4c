using System.Buffers;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Client.Tests.Cuts;

/// <summary>A server of 5.0 that keeps its one session over all connections, as the specification wants it, and nothing else.</summary>
internal sealed class SessionServer
{
    private readonly List<byte> _unread = [];
    private readonly List<byte> _answer = [];
    private readonly HashSet<ushort> _unreleased = [];
    private readonly List<Outgoing> _outgoing = [];
    private readonly Queue<(int Qos, byte Payload)> _toSend = new();
    private bool _hasSession;
    private bool _isSubscribed;
    private ushort _lastIdentifier;

    /// <summary>The first payload byte of each message that was taken, in order: for QoS 2 when it came first, for QoS 1 each time.</summary>
    public List<byte> Taken { get; } = [];

    /// <summary>Whether every exchange of both directions is over.</summary>
    public bool IsQuiet => _unreleased.Count == 0 && _outgoing.Count == 0 && _toSend.Count == 0;

    /// <summary>A message for the subscriber, sent as soon as there is one.</summary>
    public void Send(int qos, byte payload) => _toSend.Enqueue((qos, payload));

    public void Connected() => _unread.Clear();

    /// <summary>Takes bytes of the client and gives the answer.</summary>
    public byte[] Answer(ReadOnlySpan<byte> bytes)
    {
        _unread.AddRange(bytes);
        byte[] all = [.. _unread];
        int used = 0;
        while (PacketFraming.TryReadFrame(all.AsSpan(used), 1 << 20, out PacketFrame frame, out _, out _) == OperationStatus.Done)
        {
            used += frame.Bytes.Length;
            Take(frame);
        }

        _unread.RemoveRange(0, used);
        byte[] answer = [.. _answer];
        _answer.Clear();
        return answer;
    }

    private void Take(PacketFrame frame)
    {
        ushort identifier = frame.Body.Length < 2 ? (ushort)0 : (ushort)((frame.Body[0] << 8) | frame.Body[1]);
        switch (frame.Type)
        {
            case PacketType.Connect:
                Reply(0x20, 3, _hasSession ? (byte)1 : (byte)0, 0, 0);
                _hasSession = true;
                _outgoing.ForEach(Repeat);
                break;
            case PacketType.Subscribe:
                Reply(0x90, 4, frame.Body[0], frame.Body[1], 0, 2);
                _isSubscribed = true;
                break;
            case PacketType.Publish:
                Assert.True(PublishPacket.TryRead(frame, MqttVersion.V5, out PublishPacket publish, out _));
                TakePublish(publish);
                break;
            case PacketType.PubRel:
                _unreleased.Remove(identifier);
                Reply(0x70, 2, frame.Body[0], frame.Body[1]);
                break;
            case PacketType.PubAck or PacketType.PubComp:
                _outgoing.RemoveAll(one => one.Identifier == identifier);
                break;
            case PacketType.PubRec when _outgoing.Find(one => one.Identifier == identifier) is { } received:
                received.IsReceived = true;
                Repeat(received);
                break;
        }

        while (_isSubscribed && _toSend.TryDequeue(out (int Qos, byte Payload) next))
        {
            Outgoing message = new(++_lastIdentifier, next.Qos, next.Payload);
            _outgoing.Add(message);
            Write(message, isRepeated: false);
        }
    }

    private void TakePublish(in PublishPacket publish)
    {
        ushort identifier = publish.PacketIdentifier;
        byte payload = publish.Payload[0];
        if (publish.Qos == QualityOfService.AtLeastOnce)
        {
            Taken.Add(payload);
            Reply(0x40, 2, (byte)(identifier >> 8), (byte)identifier);
            return;
        }

        if (_unreleased.Add(identifier))
        {
            Taken.Add(payload);
        }

        Reply(0x50, 2, (byte)(identifier >> 8), (byte)identifier);
    }

    private void Repeat(Outgoing message)
    {
        if (message.IsReceived)
        {
            Reply(0x62, 2, (byte)(message.Identifier >> 8), (byte)message.Identifier);
        }
        else
        {
            Write(message, isRepeated: true);
        }
    }

    private void Write(Outgoing message, bool isRepeated) => Reply(
        (byte)(0x30 | (message.Qos << 1) | (isRepeated ? 8 : 0)), 7, 0, 1, (byte)'a', (byte)(message.Identifier >> 8), (byte)message.Identifier, 0, message.Payload);

    private void Reply(params ReadOnlySpan<byte> packet) => _answer.AddRange(packet);

    private sealed record Outgoing(ushort Identifier, int Qos, byte Payload)
    {
        public bool IsReceived { get; set; }
    }
}
