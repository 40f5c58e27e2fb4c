using System.Text;
using Starling.Broker.Deliveries;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;

namespace Starling.Broker;

/// <summary>Makes the state of an earlier run again, on one thread before any loop runs.</summary>
internal sealed class Recovering(BrokerEngine engine) : IRecoverySink
{
    private readonly List<(Session Session, ulong Sequence, string SharedFilter)> _shared = [];
    private Session? _session;
    private ulong _nextSequence;
    private ulong _sentBelow;

    /// <inheritdoc/>
    public void Session(in RecoveredSession session)
    {
        EndSession();
        Shard shard = engine.ShardAt(engine.Partitions.ShardOf(Encoding.UTF8.GetBytes(session.ClientIdentifier)));
        Session made = new()
        {
            Number = session.Number,
            ClientIdentifier = session.ClientIdentifier,
            Shard = shard,
            Epoch = session.Epoch,
            Version = session.Version,
            UserName = session.UserName,
            ExpiryIntervalSeconds = session.ExpirySeconds,
            IsRecorded = true,
            Will = WillOf(session.Will),
        };
        shard.Sessions.Restore(made);
        shard.Recovered.Add(made, session.AwaySinceUtcMilliseconds);
        _session = made;
        _nextSequence = session.NextSequence;
        _sentBelow = session.SentBelow;
    }

    /// <inheritdoc/>
    public void Subscription(ReadOnlySpan<byte> filter, byte options, uint identifier)
    {
        if (_session is { } session)
        {
            session.Shard.Subscribing.Restore(session, filter, options, identifier);
        }
    }

    /// <inheritdoc/>
    public void Delivery(in RecoveredDelivery delivery)
    {
        if (_session is not { } session)
        {
            return;
        }

        Outbox outbox = session.Outbox ??= new Outbox(session.Shard.Messages, delivery.Sequence);
        OutboxEntry entry = new()
        {
            Message = delivery.IsReceived ? default : StoredMessage.Elsewhere(MessageHeader.Size + delivery.ByteCount),
            Qos = delivery.Qos,
            State = delivery.IsReceived ? OutboxState.Released : OutboxState.Queued,
            Retain = delivery.Retain,
            Identifier = delivery.Identifier,
            IsShared = delivery.SharedFilter is not null,
            IsStored = true,
        };

        // No more can have been sent than there are identifiers.
        bool wasSent = delivery.Sequence < _sentBelow && delivery.Sequence - outbox.OldestSequence < Outbox.PacketIdentifierCount;
        outbox.Restore(delivery.Sequence, entry, delivery.Identifiers, delivery.IsReceived || wasSent);
        if (delivery.SharedFilter is { } filter)
        {
            _shared.Add((session, delivery.Sequence, filter));
        }
    }

    /// <inheritdoc/>
    public void Incoming(ushort packetIdentifier) => (_session?.Incoming ?? NewIncoming())?.TryAdd(packetIdentifier, 0);

    /// <inheritdoc/>
    public void Retained(RecoveredMessage message, ulong revision) => engine.RetainedMessages.Restore(
        new RetainedMessage
        {
            Topic = message.Topic.ToArray(),
            Properties = message.Properties.ToArray(),
            Payload = message.Payload.ToArray(),
            Qos = message.Qos,
            ExpiresAtUtcMilliseconds = message.ExpiresAtUtcMilliseconds,
            Publisher = message.Publisher,
        },
        revision);

    /// <inheritdoc/>
    public void End(in RecoveredEnd end)
    {
        EndSession();
        foreach ((Session session, ulong sequence, string filter) in _shared)
        {
            if (engine.Subscriptions.FindGroup(Encoding.UTF8.GetBytes(filter)) is { } group)
            {
                SharedDeliveries.Remember(session, sequence, new SharedOrigin(group, [session.Number]));
            }
        }

        engine.RetainedMessages.Revisions.StartAbove(end.RetainedRevision);
        engine.ContinueAfter(end);
    }

    private static Will? WillOf(RecoveredWill? will) => will is null ? null : new Will
    {
        Topic = will.Topic,
        Payload = will.Payload,
        Properties = will.Properties,
        Qos = will.Qos,
        Retain = will.Retain,
        DelayIntervalSeconds = will.DelaySeconds,
        MessageExpiryIntervalSeconds = will.MessageExpirySeconds,
    };

    private IncomingIdentifiers? NewIncoming()
    {
        if (_session is not { } session)
        {
            return null;
        }

        session.Incoming = new IncomingIdentifiers();
        return session.Incoming;
    }

    private void EndSession()
    {
        if (_session is not { } session)
        {
            return;
        }

        if (session.Outbox is null && _nextSequence > 0)
        {
            session.Outbox = new Outbox(session.Shard.Messages, _nextSequence);
        }

        session.Outbox?.ContinueAt(_nextSequence);
        _session = null;
    }
}
