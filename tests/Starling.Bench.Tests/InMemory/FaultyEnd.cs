using System.Buffers;
using System.Buffers.Binary;
using Starling.Protocol;
using Starling.Protocol.Packets;
using Starling.Transports.InMemory;

namespace Starling.Bench.Tests.InMemory;

/// <summary>A server of MQTT 5.0 that copies messages to all subscribers, and does what a server must not.</summary>
internal sealed class FaultyEnd : IFarEnd
{
    private readonly List<(InMemoryPeer Peer, List<byte> Unread)> _connections = [];
    private readonly List<InMemoryPeer> _subscribers = [];
    private readonly HashSet<InMemoryPeer> _closed = [];
    private byte[]? _keptBack;
    private int _published;

    /// <summary>The message with this number, and each so many after it, is not delivered; 0: none.</summary>
    public int DropEvery { get; init; }

    /// <summary>Likewise delivered twice.</summary>
    public int DoubleEvery { get; init; }

    /// <summary>Likewise delivered after the next one.</summary>
    public int SwapEvery { get; init; }

    /// <summary>After so many messages each connection ends; 0: never.</summary>
    public int CloseAfter { get; init; }

    /// <summary>The code of CONNACK.</summary>
    public byte ConnAckReason { get; init; }

    /// <summary>The code of SUBACK; null for the QoS that was asked for.</summary>
    public byte? SubAckReason { get; init; }

    /// <summary>The code of PUBACK and PUBREC.</summary>
    public byte PublishReason { get; init; }

    /// <summary>Whether nothing but CONNACK and SUBACK is ever sent.</summary>
    public bool IsSilent { get; init; }

    public void Accept(InMemoryPeer generator) => _connections.Add((generator, []));

    public bool Exchange()
    {
        bool isAny = false;
        foreach ((InMemoryPeer peer, List<byte> unread) in _connections.ToArray())
        {
            byte[] bytes = peer.Read();
            unread.AddRange(bytes);
            isAny |= bytes.Length > 0;
            TakePackets(peer, unread);
            if (peer.IsClosed)
            {
                Close(peer);
            }
        }

        _connections.RemoveAll(connection => _closed.Contains(connection.Peer));
        return isAny;
    }

    public void Pass(TimeSpan time)
    {
        // It has no time of its own.
    }

    private void TakePackets(InMemoryPeer peer, List<byte> unread)
    {
        byte[] bytes = [.. unread];
        int used = 0;
        while (PacketFraming.TryReadFrame(bytes.AsSpan(used), int.MaxValue, out PacketFrame frame, out _, out _) == OperationStatus.Done)
        {
            used += frame.Bytes.Length;
            Handle(peer, frame);
        }

        unread.RemoveRange(0, used);
    }

    private void Handle(InMemoryPeer peer, in PacketFrame frame)
    {
        ReadOnlySpan<byte> body = frame.Body;
        switch (frame.Type)
        {
            case PacketType.Connect:
                Write(peer, [0x20, 3, 0, ConnAckReason, 0]);
                break;
            case PacketType.Subscribe:
                Write(peer, [0x90, 4, body[0], body[1], 0, SubAckReason ?? (byte)(body[^1] & 3)]);
                _subscribers.Add(peer);
                break;
            case PacketType.Publish when !IsSilent:
                OnPublish(peer, frame);
                break;
            case PacketType.PubRec:
                Write(peer, [0x62, 2, body[0], body[1]]);
                break;
            case PacketType.PubRel:
                Write(peer, [0x70, 2, body[0], body[1]]);
                break;
            case PacketType.Disconnect:
                Close(peer);
                break;
            default:
                break;
        }
    }

    private void OnPublish(InMemoryPeer peer, in PacketFrame frame)
    {
        Assert.True(PublishPacket.TryRead(frame, MqttVersion.V5, out PublishPacket packet, out _));
        if (packet.Qos != QualityOfService.AtMostOnce)
        {
            byte[] answer = [(byte)(packet.Qos == QualityOfService.AtLeastOnce ? 0x40 : 0x50), 4, 0, 0, PublishReason, 0];
            BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), packet.PacketIdentifier);
            Write(peer, answer);
        }

        _published++;
        if (CloseAfter > 0 && _published >= CloseAfter)
        {
            Close(peer);
            return;
        }

        if (IsTurn(DropEvery))
        {
            return;
        }

        packet.PacketIdentifier = packet.Qos == QualityOfService.AtMostOnce ? (ushort)0 : (ushort)_published;
        byte[] copy = new byte[packet.GetByteCount(MqttVersion.V5)];
        packet.Write(copy, MqttVersion.V5);
        if (IsTurn(SwapEvery) && _keptBack is null)
        {
            _keptBack = copy;
            return;
        }

        Deliver(copy);
        if (IsTurn(DoubleEvery))
        {
            // A second exchange, because a repeat in the same one is never told.
            if (packet.Qos != QualityOfService.AtMostOnce)
            {
                packet.PacketIdentifier = (ushort)(_published + 32_768);
                packet.Write(copy, MqttVersion.V5);
            }

            Deliver(copy);
        }

        if (_keptBack is { } late)
        {
            _keptBack = null;
            Deliver(late);
        }
    }

    private bool IsTurn(int every) => every > 0 && _published % every == 0;

    private void Deliver(byte[] packet) => _subscribers.ForEach(subscriber => Write(subscriber, packet));

    private void Write(InMemoryPeer peer, ReadOnlySpan<byte> bytes)
    {
        if (!_closed.Contains(peer))
        {
            peer.Write(bytes);
        }
    }

    private void Close(InMemoryPeer peer)
    {
        if (_closed.Add(peer))
        {
            _subscribers.Remove(peer);
            peer.CloseByPeer();
        }
    }
}
