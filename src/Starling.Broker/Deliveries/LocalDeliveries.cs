using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Brings the message in hand to the sessions of this shard: QoS 0 straight into the output of those online, QoS 1 and 2 through the outbox of
/// each session. The message is stored at most once, and encoded at most once per form.
/// </summary>
internal sealed class LocalDeliveries(Shard shard)
{
    /// <summary>Unsent output above this takes no QoS 0 copy; QoS 1 and 2 wait in the outbox.</summary>
    public const int OutputBytesMax = 1 << 20;

    private const ulong NotSent = ulong.MaxValue;

    private readonly FrameCopies _copies = new();
    private readonly List<StoreReference> _references = [];
    private readonly OverlappingTerms _overlapping = new();
    private readonly FanOut _fanOut = new(shard);
    private StoredMessage _stored;

    // Whether no other local subscriber of the topic gets a copy; a member of a shared group may, and then its form is built again.
    private bool _isForOne;
    private DeliveryStage _stage;

    /// <summary>The persistent sessions that took the message in hand; they go into its record.</summary>
    public ReadOnlySpan<StoreReference> References => CollectionsMarshal.AsSpan(_references);

    /// <summary>A new message is in hand.</summary>
    public void Begin(DeliveryStage stage = DeliveryStage.Whole)
    {
        // Nothing is left here but by a fault of our own, and that must not become the body of another message.
        End();
        _stage = stage;
        _copies.Begin();
        _isForOne = true;
        _references.Clear();
    }

    /// <summary>The message in hand has gone everywhere.</summary>
    public void End()
    {
        if (!_stored.IsNone)
        {
            shard.Messages.Release(_stored);
            _stored = default;
        }
    }

    public void ToAll(ref Message message, MatchResult match)
    {
        ReadOnlySpan<LocalTarget> targets = match.Local.AsSpan(0, match.LocalCount);
        shard.SpentDeliveries += targets.Length;
        _isForOne = targets.Length == 1;
        if (_stage != DeliveryStage.Recorded && _fanOut.TrySend(message, match, _copies))
        {
            foreach (int other in _fanOut.Others)
            {
                ToTarget(ref message, targets[other]);
            }

            return;
        }

        for (int i = 0; i < targets.Length; i++)
        {
            ToTarget(ref message, targets[i]);
        }
    }

    /// <summary>What was found out for this iteration is forgotten.</summary>
    public void EndIteration() => _fanOut.Forget();

    /// <summary>The terms of one subscription; false when it does not want its own messages [MQTT-3.8.3-3].</summary>
    public static bool TryTerms(ref Message message, Subscription subscription, out DeliveryTerms terms)
    {
        if (subscription.NoLocal && subscription.Session.Number == message.Publisher)
        {
            terms = default;
            return false;
        }

        // RETAIN 0 unless the subscription wants it as published [MQTT-3.3.1-12], [MQTT-3.3.1-13].
        terms = new DeliveryTerms(
            message.Qos < subscription.MaximumQos ? message.Qos : subscription.MaximumQos,
            message.Retain && subscription.RetainAsPublished,
            subscription.SubscriptionIdentifier,
            null);
        return true;
    }

    /// <summary>Gives the message in hand to one session; false when it was given up there, counted.</summary>
    public bool ToSession(Session session, ref Message message, scoped in DeliveryTerms terms, SharedOrigin? shared)
    {
        bool isRecorded = terms.Qos != QualityOfService.AtMostOnce && session.IsPersistent;
        if (_stage != DeliveryStage.Whole && isRecorded != (_stage == DeliveryStage.Recorded))
        {
            return false;
        }

        if (terms.Qos == QualityOfService.AtMostOnce)
        {
            // Nothing comes before CONNACK [MQTT-3.2.0-1].
            DropReason? obstacle = session.Connection is { Machine.Phase: ServerConnectionPhase.Connected } connection
                ? SendQos0(connection, ref message, terms)
                : DropReason.ClientAbsent;
            if (obstacle is { } reason && shared is null)
            {
                // A shared message is not given up yet: the next member is asked.
                shard.Counters.Drop(reason);
            }

            return obstacle is null;
        }

        return Queue(session, ref message, terms, shared);
    }

    private void ToTarget(ref Message message, in LocalTarget target)
    {
        if (target.Overlapping is { } overlapping)
        {
            if (_overlapping.TryCombine(ref message, overlapping, out DeliveryTerms combined))
            {
                ToSession(target.Session, ref message, combined, null);
            }
        }
        else if (TryTerms(ref message, target.Subscription, out DeliveryTerms terms))
        {
            ToSession(target.Session, ref message, terms, null);
        }
    }

    /// <summary>Null when it was sent, else why not.</summary>
    private DropReason? SendQos0(BrokerConnection connection, ref Message message, scoped in DeliveryTerms terms)
    {
        if (connection.Output.PendingBytes > OutputBytesMax)
        {
            return DropReason.OutputFull;
        }

        if (shard.Holds.IsMemorySpent)
        {
            return DropReason.MemoryBudget;
        }

        bool isLarge = message.Payload.Length >= MessageStore.OwnBlockBytes;
        if (isLarge)
        {
            Store(ref message);
        }

        if (connection.Aliases is not null || isLarge || (_isForOne && message.Frame.IsEmpty))
        {
            return shard.Deliveries.SendWithAlias(connection, ref message, terms, 0, false) ? null : DropReason.PacketTooLarge;
        }

        ReadOnlySpan<byte> frame = _copies.Get(message, connection.IsV5, terms, shard.Now.UtcMilliseconds);
        if (frame.Length > connection.Machine.PeerPacketBytesMax)
        {
            // Nothing larger than the client's limit is sent; the message counts as delivered [MQTT-3.1.2-24], [MQTT-3.1.2-25].
            return DropReason.PacketTooLarge;
        }

        frame.CopyTo(connection.Output.GetSpan(frame.Length));
        connection.Output.Advance(frame.Length);
        shard.Counters.Sent(frame.Length, message.Payload.Length);
        return null;
    }

    private bool Queue(Session session, ref Message message, scoped in DeliveryTerms terms, SharedOrigin? shared)
    {
        Outbox outbox = session.Outbox ??= new Outbox(shard.Messages);
        int messageBytes = message.Topic.Length + message.Properties.Length + message.Payload.Length;
        bool hasRoom = shared is null
            ? shard.QueueLimits.HasRoom(session, outbox, messageBytes)
            : shard.QueueLimits.Fits(outbox, messageBytes);
        if (!hasRoom)
        {
            return false;
        }

        bool waitsForRecord = (terms.Qos == QualityOfService.ExactlyOnce || _stage == DeliveryStage.Recorded) && session.IsPersistent;
        BrokerConnection? connection = waitsForRecord || outbox.HasUnsent ? null : session.Connection;

        // A session that ends with its connection is never sent anything again, so what is sent at once need not be kept for it.
        bool isKept = session.IsPersistent || shared is not null || connection is null || message.Payload.Length >= MessageStore.OwnBlockBytes;
        OutboxEntry delivery = new()
        {
            Message = isKept ? Keep(ref message) : default,
            Qos = terms.Qos,
            Retain = terms.Retain,
            Identifier = terms.Identifier,
            IsShared = shared is not null,
            IsPending = waitsForRecord,
            IsKnownAsSent = session.Connection is not null,
        };
        ulong sequence = connection is null ? NotSent : SendNow(connection, outbox, ref message, terms, delivery);
        if (sequence == NotSent)
        {
            delivery.Message = isKept ? delivery.Message : Keep(ref message);
            sequence = outbox.Append(delivery, terms.Identifiers);
        }

        shard.LongWaits.Add(session);
        Note(session, outbox, sequence, terms, shared);
        if (connection is not null && outbox.HasUnsent)
        {
            shard.Deliveries.Pump(connection);
        }

        return true;
    }

    /// <summary>Stores the message in hand, if it is not; the caller gets a reference.</summary>
    private StoredMessage Keep(ref Message message)
    {
        Store(ref message);
        shard.Messages.AddReference(message.Stored);
        return message.Stored;
    }

    private void Store(ref Message message)
    {
        // What was read from a block stays there; only what came from elsewhere is stored, until the message in hand has gone everywhere.
        if (message.Stored.IsNone)
        {
            _stored = shard.Messages.Add(message);
            message.Stored = _stored;
        }
    }

    /// <summary>What the record and a shared group have to know of the delivery.</summary>
    private void Note(Session session, Outbox outbox, ulong sequence, scoped in DeliveryTerms terms, SharedOrigin? shared)
    {
        if (shared is not null)
        {
            SharedDeliveries.Forget(session, outbox.OldestSequence);
            SharedDeliveries.Remember(session, sequence, shared);
        }

        if (session.IsPersistent)
        {
            _references.Add(new StoreReference(
                session.Number,
                sequence,
                terms.Qos,
                terms.Retain,
                terms.Identifier,
                terms.Identifiers,
                shard.Messages.IsBacked ? shared?.Group.SharedFilter : null,
                session.Connection is not null));
        }
    }

    /// <summary>Sends it when nothing waits before it: as a copy of the form that other subscribers get too, or straight into the only output.</summary>
    /// <returns>Its sequence number, or <see cref="NotSent"/>.</returns>
    private ulong SendNow(BrokerConnection connection, Outbox outbox, ref Message message, scoped in DeliveryTerms terms, in OutboxEntry delivery)
    {
        if (!outbox.HasWindow || !shard.Deliveries.CanSend(connection, outbox) || message.ExpiresAtUtcMilliseconds <= shard.Now.UtcMilliseconds)
        {
            return NotSent;
        }

        if (_isForOne || connection.Aliases is not null || message.Payload.Length >= MessageStore.OwnBlockBytes)
        {
            return shard.Deliveries.SendWithAlias(connection, ref message, terms, Outbox.PacketIdentifierOf(outbox.NextSequence), false)
                ? outbox.AppendSent(delivery, delivery.Message.IsNone ? null : terms.Identifiers)
                : NotSent;
        }

        ReadOnlySpan<byte> frame = _copies.Get(message, connection.IsV5, terms, shard.Now.UtcMilliseconds);
        if (frame.Length > connection.Machine.PeerPacketBytesMax)
        {
            return NotSent;
        }

        ulong sequence = outbox.AppendSent(delivery, delivery.Message.IsNone ? null : terms.Identifiers);
        Span<byte> span = connection.Output.GetSpan(frame.Length);
        frame.CopyTo(span);
        BinaryPrimitives.WriteUInt16BigEndian(span[PublishPacket.PacketIdentifierOffset(frame)..], Outbox.PacketIdentifierOf(sequence));
        connection.Output.Advance(frame.Length);
        shard.Counters.Sent(frame.Length, message.Payload.Length);
        return sequence;
    }
}
