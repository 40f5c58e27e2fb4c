using System.Buffers;
using System.Text;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Connections;

/// <summary>
/// A server of the test's own, with a session that survives cuts: it answers what it is given one packet at a time, and sends messages
/// of its own. It keeps what arrived, to be compared with what was sent.
/// </summary>
internal sealed class ClientConnectionModelServer
{
    private readonly HashSet<ushort> _openQos2 = [];
    private readonly SortedDictionary<ushort, (string Payload, int Qos, bool IsReleased)> _outgoing = [];
    private readonly Queue<byte[]> _toClient = new();
    private readonly List<byte> _fromClient = [];
    private ushort _lastIdentifier;

    /// <summary>Payloads in the order in which they were taken.</summary>
    public List<string> Taken { get; } = [];

    public bool HasWork => _toClient.Count > 0 || _fromClient.Count > 0;

    /// <summary>The connection is cut: what is on the way is lost, the session stays.</summary>
    public void Cut()
    {
        _toClient.Clear();
        _fromClient.Clear();
    }

    /// <summary>Accepts a connection, and redelivers what is open.</summary>
    public void Accept(bool isSessionPresent)
    {
        _toClient.Enqueue([0x20, 0x03, (byte)(isSessionPresent ? 1 : 0), 0x00, 0x00]);
        foreach ((ushort identifier, (string payload, int qos, bool isReleased)) in _outgoing)
        {
            _toClient.Enqueue(isReleased ? Acknowledgement(PacketType.PubRel, identifier) : Publish(payload, qos, identifier, isDuplicate: true));
        }
    }

    public void Send(string payload, int qos)
    {
        ushort identifier = ++_lastIdentifier;
        _outgoing.Add(identifier, (payload, qos, false));
        _toClient.Enqueue(Publish(payload, qos, identifier, isDuplicate: false));
    }

    public void FromClient(ReadOnlySpan<byte> bytes) => _fromClient.AddRange(bytes);

    public byte[] NextToClient() => _toClient.TryDequeue(out byte[]? packet) ? packet : [];

    /// <summary>Handles one packet of the client, if there is one.</summary>
    public void Step()
    {
        byte[] bytes = [.. _fromClient];
        if (PacketFraming.TryReadFrame(bytes, 1 << 20, out PacketFrame frame, out _, out _) != OperationStatus.Done)
        {
            return;
        }

        _fromClient.RemoveRange(0, frame.Bytes.Length);
        switch (frame.Type)
        {
            case PacketType.Publish:
                Assert.True(PublishPacket.TryRead(frame, MqttVersion.V5, out PublishPacket publish, out _));
                Take(publish);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Assert.True(AcknowledgementPacket.TryRead(frame, MqttVersion.V5, out AcknowledgementPacket packet, out _));
                Take(packet);
                break;
            default:
                Assert.Fail($"The client sent {frame.Type}.");
                break;
        }
    }

    private void Take(scoped in PublishPacket publish)
    {
        bool isNew = publish.Qos != QualityOfService.ExactlyOnce || _openQos2.Add(publish.PacketIdentifier);
        if (isNew)
        {
            Taken.Add(Encoding.UTF8.GetString(publish.Payload));
        }

        _toClient.Enqueue(Acknowledgement(
            publish.Qos == QualityOfService.ExactlyOnce ? PacketType.PubRec : PacketType.PubAck, publish.PacketIdentifier));
    }

    private void Take(scoped in AcknowledgementPacket packet)
    {
        ushort identifier = packet.PacketIdentifier;
        switch (packet.Type)
        {
            case PacketType.PubRel:
                _openQos2.Remove(identifier);
                _toClient.Enqueue(Acknowledgement(PacketType.PubComp, identifier));
                break;
            case PacketType.PubRec:
                _outgoing[identifier] = _outgoing[identifier] with { IsReleased = true };
                _toClient.Enqueue(Acknowledgement(PacketType.PubRel, identifier));
                break;
            default:
                Assert.True(_outgoing.Remove(identifier));
                break;
        }
    }

    private static byte[] Acknowledgement(PacketType type, ushort identifier)
    {
        AcknowledgementPacket packet = new() { Type = type, PacketIdentifier = identifier };
        byte[] bytes = new byte[packet.GetByteCount(MqttVersion.V5)];
        packet.Write(bytes, MqttVersion.V5);
        return bytes;
    }

    private static byte[] Publish(string payload, int qos, ushort identifier, bool isDuplicate)
    {
        PublishPacket packet = new()
        {
            Topic = "t"u8,
            Payload = Encoding.UTF8.GetBytes(payload),
            Qos = (QualityOfService)qos,
            PacketIdentifier = identifier,
            Duplicate = isDuplicate,
        };
        byte[] bytes = new byte[packet.GetByteCount(MqttVersion.V5)];
        packet.Write(bytes, MqttVersion.V5);
        return bytes;
    }
}
