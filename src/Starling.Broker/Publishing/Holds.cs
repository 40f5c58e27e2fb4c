using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Broker.Publishing;

/// <summary>
/// Holds publishers back at the limit of memory or of the store, the only limits that do. A held connection's acknowledgements, PINGREQ and DISCONNECT are still
/// handled, so that what is in flight can drain; its PUBLISH, and behind it SUBSCRIBE, UNSUBSCRIBE and AUTH, are parked in order, and only when too
/// much is parked is the socket left unread.
/// </summary>
internal sealed class Holds(Shard shard)
{
    private const int ParkedBytesMax = 64 << 10;

    private int _shortage;
    private bool _isStoreFull;
    private readonly List<BrokerConnection> _held = [];
    private readonly Queue<Orphan> _orphans = new();
    private readonly MemoryAccount _account = shard.Engine.Budget.OpenAccount();

    /// <summary>Whether the whole budget is used: not even QoS 0 copies get buffers.</summary>
    public bool IsMemorySpent { get; private set; }

    /// <summary>Whether the memory is short: a tenth of the budget is kept for acknowledgements.</summary>
    public bool IsMemoryOver { get; private set; }

    /// <summary>Whether publishers are held.</summary>
    public bool IsOver => IsMemoryOver || _isStoreFull;

    /// <summary>Whether anything is parked, so that the loop must look again soon.</summary>
    public bool HasParked => _held.Count > 0 || _orphans.Count > 0;

    private long ParkedBytesOfAllMax => shard.Engine.Budget.LimitBytes / 20 / shard.Engine.Options.Shards;

    /// <summary>Looks at the budget; once an iteration, and while much is being stored.</summary>
    public void Look()
    {
        MemoryBudget budget = shard.Engine.Budget;
        long used = budget.UsedBytes + shard.Engine.RetainedMessages.Bytes;
        IsMemorySpent = used > budget.LimitBytes;
        bool wasOver = IsOver;
        if (!IsMemoryOver && used > budget.LimitBytes - (budget.LimitBytes / 10))
        {
            IsMemoryOver = true;
            shard.Counters.Cross(BrokerLimit.MemoryBudget);
            shard.Log.MemoryLimitReached(used, budget.LimitBytes);
        }
        else if (IsMemoryOver && used < budget.LimitBytes / 5 * 4)
        {
            IsMemoryOver = false;
            shard.Log.MemoryLimitLeft(used, budget.LimitBytes);
        }

        _isStoreFull = shard.Store.IsFull;
        _shortage += IsOver && !wasOver ? 1 : 0;
    }

    /// <summary>Something of this connection is parked, so what follows is too.</summary>
    public bool MustPark(BrokerConnection connection) => connection.Parked is { Count: > 0 };

    public bool MustBegin()
    {
        if ((shard.PublishCount++ & 15) == 0 || shard.Store.IsFull != _isStoreFull)
        {
            Look();
        }

        return IsOver;
    }

    public PacketVerdict Park(BrokerConnection connection, in PacketFrame frame, ReadOnlySpan<byte> topic)
    {
        ParkedPackets parked = connection.Parked ??= new ParkedPackets();
        int length = frame.Bytes.Length;
        if (parked.Count == 0)
        {
            _held.Add(connection);
        }

        bool fitsHere = parked.Count == 0 || parked.Bytes + length <= ParkedBytesMax;
        bool fitsInAll = _account.Bytes == 0 || _account.Bytes + length <= ParkedBytesOfAllMax;
        if (!fitsHere || !fitsInAll)
        {
            // Only what does not fit any more stays unread, and everything behind it.
            connection.Pause(PauseReason.Parked);
            return PacketVerdict.Retry;
        }

        parked.Hold(_shortage, shard.Now.MonotonicMilliseconds);
        parked.Add(new ParkedPackets.Parked(frame.Type, frame.Bytes.ToArray(), topic.ToArray()));
        _account.Add(length);
        return PacketVerdict.Continue;
    }

    /// <summary>Lets parked packets go when there is memory again, and gives up those that waited too long.</summary>
    public void Advance()
    {
        if (!HasParked)
        {
            return;
        }

        Look();
        long dueBefore = shard.Now.MonotonicMilliseconds - (long)shard.Engine.Options.HeldPublisherTimeout.TotalMilliseconds;
        ReleaseOrphans(dueBefore);
        for (int i = 0; i < _held.Count; i++)
        {
            BrokerConnection connection = _held[i];
            Release(connection, dueBefore);
            if (connection.Parked is not { Count: > 0 })
            {
                _held.RemoveAt(i--);
                connection.Resume(PauseReason.Parked);
            }
        }
    }

    /// <summary>A normal DISCONNECT: the QoS 0 messages sent before it are still to be published.</summary>
    public void KeepQos0(BrokerConnection connection, Session publisher)
    {
        if (connection.Parked is not { } parked)
        {
            return;
        }

        for (int count = parked.Count; count > 0; count--)
        {
            ParkedPackets.Parked packet = parked.Take();
            if (packet.Type == PacketType.Publish && (packet.Bytes[0] & 0x06) == 0)
            {
                byte[] bytes = ForOrphan(connection, packet);
                _account.Add(bytes.Length - packet.Bytes.Length);
                _orphans.Enqueue(new Orphan(packet with { Bytes = bytes }, publisher, parked.HeldSinceMonotonicMilliseconds));
            }
            else
            {
                GiveUp(packet, DropReason.ConnectionEnded);
            }
        }
    }

    /// <summary>The connection is over: what it has parked was never acknowledged, and its client still owns it.</summary>
    public void Discard(BrokerConnection connection)
    {
        while (connection.Parked is { Count: > 0 } parked)
        {
            GiveUp(parked.Take(), DropReason.ConnectionEnded);
        }
    }

    private void Release(BrokerConnection connection, long dueBefore)
    {
        while (connection.Parked is { Count: > 0 } parked && parked.TryPeek(out ParkedPackets.Parked packet) && !connection.IsDetached)
        {
            // Who waits for an authorizer, a mailbox or an answer is given nothing, read or parked.
            if (connection.IsPausedBesides(PauseReason.Parked))
            {
                return;
            }

            // Once held too long, a connection is held no more in this shortage: what it sends is refused until the
            // acknowledgements behind it have been read.
            bool isLate = parked.HeldSinceMonotonicMilliseconds <= dueBefore;
            bool isHeld = IsOver && packet.Type == PacketType.Publish && !IsRepetition(connection, packet);
            if (isHeld && !isLate)
            {
                return;
            }

            if (isHeld)
            {
                Refuse(connection, parked.Take());
                continue;
            }

            if (!TryTake(connection, packet))
            {
                return;
            }

            if (parked.Count > 0)
            {
                _account.Add(-parked.Take().Bytes.Length);
            }

            Look();
        }
    }

    /// <summary>Handles a parked packet as if it had just arrived; false when it must wait for an authorizer.</summary>
    private bool TryTake(BrokerConnection connection, in ParkedPackets.Parked packet)
    {
        PacketFraming.TryReadFrame(packet.Bytes, int.MaxValue, out PacketFrame frame, out _, out _);
        MqttVersion version = connection.Machine.Version;
        switch (packet.Type)
        {
            case PacketType.Publish when PublishPacket.TryRead(frame, version, out PublishPacket publish, out _):
                publish.Topic = packet.Topic;
                return shard.Incoming.Take(connection, publish, frame) != PacketVerdict.Retry;
            case PacketType.Subscribe when SubscribePacket.TryRead(frame, version, out SubscribePacket subscribe, out _):
                return shard.Subscribing.Receive(connection, subscribe) != PacketVerdict.Retry;
            case PacketType.Unsubscribe when UnsubscribePacket.TryRead(frame, version, out UnsubscribePacket unsubscribe, out _):
                return shard.Subscribing.Receive(connection, unsubscribe) != PacketVerdict.Retry;
            case PacketType.Auth when AuthPacket.TryRead(frame, version, out AuthPacket auth, out _):
                return shard.Authenticating.Receive(connection, auth) != PacketVerdict.Retry;
            default:
                throw new InvalidOperationException($"A parked packet of type {packet.Type} cannot be read again.");
        }
    }

    /// <summary>
    /// Whether the server owns the message already. It needs no memory, and must not be refused: the client would use the identifier for
    /// another message, which would be taken for this one.
    /// </summary>
    private static bool IsRepetition(BrokerConnection connection, in ParkedPackets.Parked packet)
    {
        if (connection.Session?.Incoming is not { Count: > 0 } incoming)
        {
            return false;
        }

        PacketFraming.TryReadFrame(packet.Bytes, int.MaxValue, out PacketFrame frame, out _, out _);
        return PublishPacket.TryRead(frame, connection.Machine.Version, out PublishPacket publish, out _)
            && publish.Qos == QualityOfService.ExactlyOnce
            && incoming.Contains(publish.PacketIdentifier, out _);
    }

    private void Refuse(BrokerConnection connection, in ParkedPackets.Parked packet)
    {
        GiveUp(packet, DropReason.HeldTooLong);

        // What an authorizer said of this packet is not said of the next.
        connection.Decisions?.Clear();
        PacketFraming.TryReadFrame(packet.Bytes, int.MaxValue, out PacketFrame frame, out _, out _);
        if (!PublishPacket.TryRead(frame, connection.Machine.Version, out PublishPacket publish, out _)
            || publish.Qos == QualityOfService.AtMostOnce)
        {
            return;
        }

        if (!connection.IsV5)
        {
            // 3.x has no code for a refusal, so the client keeps its message and hears it from the close.
            shard.Endings.Disconnect(connection, ReasonCode.QuotaExceeded, ConnectionCause.Limit, null);
            return;
        }

        PacketType type = publish.Qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec;
        shard.Acknowledging.SendWhenStored(connection, default, type, publish.PacketIdentifier, ReasonCode.QuotaExceeded);
    }

    private void ReleaseOrphans(long dueBefore)
    {
        while (_orphans.TryPeek(out Orphan orphan) && (!IsOver || orphan.HeldSinceMonotonicMilliseconds <= dueBefore))
        {
            _orphans.Dequeue();
            if (IsOver)
            {
                GiveUp(orphan.Packet, DropReason.HeldTooLong);
                continue;
            }

            _account.Add(-orphan.Packet.Bytes.Length);
            shard.Authorizing.WhenAllowed(orphan.Publisher, orphan.Packet.Topic, () => Publish(orphan.Packet, orphan.Publisher));
            Look();
        }
    }

    private void Publish(in ParkedPackets.Parked packet, Session publisher)
    {
        PacketFraming.TryReadFrame(packet.Bytes, int.MaxValue, out PacketFrame frame, out _, out _);
        if (PublishPacket.TryRead(frame, MqttVersion.V5, out PublishPacket publish, out _))
        {
            publish.Topic = packet.Topic;
            Message message = shard.Incoming.WithoutConnection(publisher, publish);
            shard.Incoming.PublishOwn(ref message);
        }
    }

    // An orphan has no connection that tells its version, so it is kept in the form of 5.0.
    private static byte[] ForOrphan(BrokerConnection connection, in ParkedPackets.Parked packet)
    {
        if (connection.IsV5)
        {
            return packet.Bytes;
        }

        PacketFraming.TryReadFrame(packet.Bytes, int.MaxValue, out PacketFrame frame, out _, out _);
        PublishPacket.TryRead(frame, connection.Machine.Version, out PublishPacket publish, out _);
        byte[] bytes = new byte[publish.GetByteCount(MqttVersion.V5)];
        publish.Write(bytes, MqttVersion.V5);
        return bytes;
    }

    private void GiveUp(in ParkedPackets.Parked packet, DropReason reason)
    {
        _account.Add(-packet.Bytes.Length);
        if (packet.Type == PacketType.Publish)
        {
            shard.Counters.Drop(reason);
        }
    }

    /// <summary>A QoS 0 packet whose client has said good-bye.</summary>
    private readonly record struct Orphan(ParkedPackets.Parked Packet, Session Publisher, long HeldSinceMonotonicMilliseconds);
}
