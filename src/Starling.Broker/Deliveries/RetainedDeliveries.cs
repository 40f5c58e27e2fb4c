using Starling.Broker.Connections;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Keeps the retained messages, and brings them to new subscriptions at the pace of the session's window. What a persistent session has not
/// got when its connection ends it gets after the next.
/// </summary>
internal sealed class RetainedDeliveries(Shard shard)
{
    /// <summary>Steps of walks in one pump; the rest follows in the next iteration.</summary>
    private const int StepsMax = 16;

    /// <summary>Messages in one pump; the rest follows in the next iteration, so that a large walk leaves the others their share.</summary>
    private const int MessagesMax = 256;

    private const int EndedBacklogsMax = 64;

    // Of its own, because retained messages may be sent in the middle of another message's way.
    private readonly LocalDeliveries _deliveries = new(shard);
    private readonly HashSet<BrokerConnection> _waitingForRoom = [];
    private bool _isQuotaLogged;
    private bool _isPumping;

    /// <summary>Stores or deletes the retained message of a topic; false when a quota is reached and nothing was changed.</summary>
    public bool TryKeep(ref Message message, ref MessageOrigin origin)
    {
        RetainedTree tree = shard.Engine.RetainedTreeOf(message.Topic);
        if (message.Payload.IsEmpty)
        {
            // An empty message deletes what is retained and is never retained itself [MQTT-3.3.1-6], [MQTT-3.3.1-7].
            tree.Delete(message.Topic, out ulong deletion);
            origin = origin with { RetainedRevision = tree == shard.Engine.SysMessages ? 0 : deletion };
            return true;
        }

        RetainedMessage retained = new()
        {
            Topic = message.Topic.ToArray(),
            Properties = message.Properties.ToArray(),
            Payload = message.Payload.ToArray(),
            Qos = message.Qos,
            ExpiresAtUtcMilliseconds = message.ExpiresAtUtcMilliseconds,
            Publisher = message.Publisher,
        };
        if (tree.Store(retained) != RetainedStoreResult.Stored)
        {
            if (!_isQuotaLogged)
            {
                _isQuotaLogged = true;
                shard.Log.RetainedRefused(message.Topic);
            }

            return false;
        }

        _isQuotaLogged = false;

        // What the broker says about itself is not kept beyond its life.
        origin = origin with { RetainedRevision = tree == shard.Engine.SysMessages ? 0 : retained.Revision };
        return true;
    }

    /// <summary>A subscription was made that wants the retained messages.</summary>
    public void Begin(Session session, Subscription subscription)
    {
        if (subscription.IsRetainedDue)
        {
            return;
        }

        subscription.IsRetainedDue = true;
        RetainedWalk walk = shard.Engine.RetainedTreeOf(subscription.Filter).Walk(subscription.Filter);
        Queue<RetainedBacklog> backlogs = session.RetainedBacklogs ??= new Queue<RetainedBacklog>();
        if (backlogs.Count > EndedBacklogsMax + (2 * (session.Subscriptions?.Count ?? 0)))
        {
            // A client that takes nothing and subscribes again and again leaves no more behind than its subscriptions.
            backlogs = new Queue<RetainedBacklog>(backlogs.Where(backlog => !backlog.Subscription.IsEnded));
            session.RetainedBacklogs = backlogs;
        }

        backlogs.Enqueue(new RetainedBacklog(walk, subscription));
    }

    /// <summary>Sends as much as there is room for.</summary>
    public void Pump(BrokerConnection connection, Session session)
    {
        if (_isPumping || connection.IsToPump)
        {
            // What is sent here pumps its connection, and that must not send the message in hand once more; and each has its share of an iteration once.
            return;
        }

        _isPumping = true;
        try
        {
            Send(connection, session);
        }
        finally
        {
            _isPumping = false;
        }
    }

    /// <summary>The store may have room again.</summary>
    public void PumpWaiting()
    {
        if (_waitingForRoom.Count == 0 || shard.Store.IsFull)
        {
            return;
        }

        BrokerConnection[] connections = [.. _waitingForRoom];
        _waitingForRoom.Clear();
        foreach (BrokerConnection connection in connections)
        {
            shard.Deliveries.Pump(connection);
        }
    }

    private void Send(BrokerConnection connection, Session session)
    {
        int steps = 0;
        int messages = 0;
        while (session.RetainedBacklogs is { } backlogs && backlogs.TryPeek(out RetainedBacklog? backlog))
        {
            if (backlog.IsDone || backlog.Subscription.IsEnded)
            {
                backlogs.Dequeue();
                backlog.Subscription.IsRetainedDue = false;
                session.RetainedBacklogs = backlogs.Count == 0 ? null : backlogs;
            }
            else if (backlog.Current is { } message)
            {
                if (++messages > MessagesMax)
                {
                    shard.PumpAgain(connection);
                    return;
                }

                if (!TrySend(connection, session, backlog.Subscription, message))
                {
                    return;
                }

                backlog.Take();
            }
            else if (++steps > StepsMax)
            {
                shard.PumpAgain(connection);
                return;
            }
            else
            {
                backlog.Subscription.IsRetainedDue = false;
                backlog.Walk(shard.Now.UtcMilliseconds);
            }
        }
    }

    /// <summary>False when there is no room now; an answer of the client or an empty output pumps again.</summary>
    private bool TrySend(BrokerConnection connection, Session session, Subscription subscription, RetainedMessage retained)
    {
        if (!RetainedTree.IsCurrent(retained))
        {
            // Whoever replaced it has routed the newer one to this subscription.
            shard.Counters.Drop(DropReason.RetainedSuperseded);
            return true;
        }

        if (retained.IsExpired(shard.Now.UtcMilliseconds))
        {
            // Retained messages expire too [U5-25].
            shard.Counters.Drop(DropReason.Expired);
            return true;
        }

        Message message = new()
        {
            Topic = retained.Topic,
            Properties = retained.Properties,
            Payload = retained.Payload,
            Qos = retained.Qos,
            Retain = true,
            ExpiresAtUtcMilliseconds = retained.ExpiresAtUtcMilliseconds,
            Publisher = retained.Publisher,
        };
        if (!LocalDeliveries.TryTerms(ref message, subscription, out DeliveryTerms terms))
        {
            return true;
        }

        bool hasRoom = terms.Qos == QualityOfService.AtMostOnce
            ? connection.Output.PendingBytes <= LocalDeliveries.OutputBytesMax && !shard.Holds.IsMemorySpent
            : session.Outbox is not { } outbox || (!outbox.HasUnsent && shard.Deliveries.CanSend(connection, outbox));
        if (!hasRoom)
        {
            return false;
        }

        if (terms.Qos != QualityOfService.AtMostOnce && session.IsPersistent && shard.Store.IsFull)
        {
            // A copy for the store takes space there, which is kept for what gives room.
            _waitingForRoom.Add(connection);
            return false;
        }

        // Sent because of a subscribe, RETAIN is 1 whatever Retain As Published says [U5-32].
        _deliveries.Begin();
        _deliveries.ToSession(session, ref message, terms with { Retain = true }, null);
        if (_deliveries.References.Length > 0)
        {
            ulong lsn = shard.Records.Message(message, new MessageOrigin(0, 0, 0), _deliveries.References);
            shard.Gathering.ReleaseWhenStored(lsn, _deliveries.References);
        }

        _deliveries.End();
        return true;
    }
}
