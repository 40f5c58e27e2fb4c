using System.Diagnostics.CodeAnalysis;
using Starling.Broker.Connections;
using Starling.Broker.Deliveries;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Shards;
using Starling.Broker.Timers;
using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>The sessions of one shard: their beginning, their absence, and their end.</summary>
internal sealed class SessionTable(Shard shard)
{
    private readonly Dictionary<string, Session> _byClientIdentifier = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, Session> _byNumber = [];
    private readonly List<Session> _toEnd = [];

    public int Count => _byClientIdentifier.Count;

    public Session? Find(string clientIdentifier) => _byClientIdentifier.GetValueOrDefault(clientIdentifier);

    public Session? Find(ulong number) => _byNumber.GetValueOrDefault(number);

    /// <summary>Adds up what waits in the queues of all sessions, for the counters.</summary>
    public void MeasureQueues()
    {
        long messages = 0;
        long bytes = 0;
        foreach (Session session in _byNumber.Values)
        {
            if (session.Outbox is { } outbox)
            {
                messages += outbox.Count;
                bytes += outbox.Bytes;
            }
        }

        shard.Counters.QueuedMessagesNow = messages;
        shard.Counters.QueuedBytesNow = bytes;
        shard.Counters.SessionsNow = _byNumber.Count;
    }

    /// <summary>False when the broker has as many sessions as it may have.</summary>
    public bool TryCreate(string clientIdentifier, [NotNullWhen(true)] out Session? session)
    {
        session = null;
        if (!shard.Engine.TryCountSession())
        {
            return false;
        }

        session = new Session
        {
            Number = shard.Engine.NextSessionNumber(),
            ClientIdentifier = clientIdentifier,
            Shard = shard,
        };
        _byClientIdentifier.Add(clientIdentifier, session);
        _byNumber.Add(session.Number, session);
        return true;
    }

    /// <summary>Takes over a session of an earlier run.</summary>
    public void Restore(Session session)
    {
        shard.Engine.CountRecoveredSession();
        _byNumber.Add(session.Number, session);
        if (Find(session.ClientIdentifier) is not { } other || other.Number < session.Number)
        {
            _byClientIdentifier[session.ClientIdentifier] = session;
        }
    }

    /// <summary>The Session Expiry Interval that a client gets for the one it asks for.</summary>
    public uint LimitExpiry(uint askedSeconds) => shard.Engine.Options.SessionExpiryMax is { } max
        ? Math.Min(askedSeconds, (uint)Math.Min(max.TotalSeconds, uint.MaxValue))
        : askedSeconds;

    public void SetExpiry(Session session, uint expiryIntervalSeconds)
    {
        bool wasPersistent = session.IsPersistent;
        session.ExpiryIntervalSeconds = expiryIntervalSeconds;
        if (session.IsPersistent != wasPersistent && session.Subscriptions is { } subscriptions)
        {
            foreach (Subscription subscription in subscriptions.Values)
            {
                shard.Subscribing.SetPersistent(subscription, session.IsPersistent);
            }
        }
    }

    /// <summary>The session has a connection again: neither its expiry nor a delayed Will is due any more [MQTT-3.1.3-9].</summary>
    public void ClientIsBack(Session session)
    {
        session.WillDueAtMonotonicMilliseconds = long.MaxValue;
        session.ExpiresAtMonotonicMilliseconds = long.MaxValue;
        if (session.Timer is { } timer)
        {
            shard.Timers.Cancel(timer);
        }

        shard.Subscribing.SetOnline(session, true);
    }

    /// <summary>The connection of the session is over.</summary>
    public void ClientIsAway(Session session)
    {
        if (session.IsEnded)
        {
            return;
        }

        if (!session.IsPersistent)
        {
            End(session, DropReason.SessionEnded);
            return;
        }

        shard.LongWaits.MoveSoon(session);
        if (shard.IsStopping && shard.Messages.IsBacked)
        {
            // The broker ends its connections, not the client: its times count from the restart.
            if (session.Outbox is { } outbox && outbox.SentEnd > session.SentRecordedBelow)
            {
                shard.Records.Sent(session, outbox.SentEnd, isAwaited: false);
            }

            return;
        }

        long now = shard.Now.MonotonicMilliseconds;
        session.ExpiresAtMonotonicMilliseconds =
            session.ExpiryIntervalSeconds == uint.MaxValue ? long.MaxValue : now + (session.ExpiryIntervalSeconds * 1000L);
        shard.Records.SessionAway(session, shard.Now.UtcMilliseconds);
        shard.Subscribing.SetOnline(session, false);
        if (session.Will is { } will)
        {
            // The delay ends with the session at the latest [MQTT-3.1.2-8].
            session.WillDueAtMonotonicMilliseconds =
                Math.Min(now + (will.DelayIntervalSeconds * 1000L), session.ExpiresAtMonotonicMilliseconds);
        }

        TimeIsUp(session);
    }

    /// <summary>Does what is due for a session without a connection, and sets its timer for what is due next.</summary>
    public void TimeIsUp(Session session)
    {
        if (session.Connection is not null || session.IsEnded)
        {
            return;
        }

        long now = shard.Now.MonotonicMilliseconds;
        if (session.WillDueAtMonotonicMilliseconds <= now)
        {
            PublishWill(session);
        }

        if (session.ExpiresAtMonotonicMilliseconds <= now)
        {
            // Its time is over: the session is discarded [MQTT-4.1.0-2].
            shard.Counters.SessionsExpired++;
            End(session, DropReason.SessionEnded);
            return;
        }

        long next = Math.Min(session.WillDueAtMonotonicMilliseconds, session.ExpiresAtMonotonicMilliseconds);
        if (next != long.MaxValue)
        {
            session.Timer ??= new TimerNode(TimerKind.SessionExpiry, session);
            shard.Timers.Set(session.Timer, next);
        }
    }

    /// <summary>Ends a session and everything in it; its Will goes out if it still waits.</summary>
    /// <returns>What waits for its last record.</returns>
    public Ticket End(Session session, DropReason reason)
    {
        if (session.IsEnded)
        {
            return new Ticket(0);
        }

        session.IsEnded = true;
        if (session.Timer is { } timer)
        {
            shard.Timers.Cancel(timer);
        }

        shard.Subscribing.RemoveAll(session);
        if (Find(session.ClientIdentifier) == session)
        {
            _byClientIdentifier.Remove(session.ClientIdentifier);
        }

        _byNumber.Remove(session.Number);
        PublishWill(session);
        HandOver handOver = new(shard, session);
        GiveUp(session, reason, handOver.Begin());
        shard.Engine.UncountSession();
        return new Ticket(handOver.Ended);
    }

    /// <summary>Ends the session when the messages in hand have been routed: a policy decides in the middle of them.</summary>
    public void EndLater(Session session) => _toEnd.Add(session);

    public void EndThoseDecided()
    {
        for (int i = 0; i < _toEnd.Count; i++)
        {
            Session session = _toEnd[i];
            End(session, DropReason.SessionQueueFull);
            if (session.Connection is { } connection)
            {
                shard.Endings.Disconnect(connection, ReasonCode.QuotaExceeded, ConnectionCause.Limit, nameof(SessionQueueFull));
            }
        }

        _toEnd.Clear();
    }

    public void PublishWill(Session session)
    {
        if (session.Will is not { } will)
        {
            return;
        }

        // Once published, the Will is forgotten [MQTT-3.1.2-10].
        session.Will = null;
        session.WillDueAtMonotonicMilliseconds = long.MaxValue;
        if (session.IsRecorded && shard.Messages.IsBacked)
        {
            session.MakeStored().WillsUnderWay++;
        }

        shard.Authorizing.WhenAllowed(session, will.Topic, () => Publish(session, will), () => RefuseWill(session));
    }

    /// <summary>The record that takes a Will out of the store is appended.</summary>
    public void WillIsRecorded(Session session)
    {
        if (session.Stored is { WillsUnderWay: > 0 } stored && --stored.WillsUnderWay == 0)
        {
            Action? waiting = stored.WhenWillsAreRecorded;
            stored.WhenWillsAreRecorded = null;
            waiting?.Invoke();
        }
    }

    private void RefuseWill(Session session)
    {
        shard.Records.WillRemoved(session);
        WillIsRecorded(session);
    }

    private void Publish(Session session, Will will)
    {
        Message message = new()
        {
            Topic = will.Topic,
            Properties = will.Properties,
            Payload = will.Payload,
            Qos = will.Qos,
            Retain = will.Retain,
            Publisher = session.Number,
            ExpiresAtUtcMilliseconds = will.MessageExpiryIntervalSeconds is { } seconds
                ? shard.Now.UtcMilliseconds + (seconds * 1000L)
                : long.MaxValue,
        };
        shard.Wills.Publish(ref message, session);
    }

    private void GiveUp(Session session, DropReason reason, int handedOver)
    {
        if (session.Outbox is { } outbox)
        {
            shard.Counters.Drop(reason, outbox.Count - handedOver);
            outbox.Clear();
        }

        session.Incoming = null;
        session.RetainedBacklogs = null;
        session.SharedOrigins = null;
    }
}
