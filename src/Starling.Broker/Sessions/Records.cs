using System.Runtime.InteropServices;
using System.Text;
using Starling.Broker.Connections;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Shards;

namespace Starling.Broker.Sessions;

/// <summary>
/// The records of one shard: what changes durable state is said here, once. A record about a session that ends with its connection does
/// not exist. Where somebody waits for a record, its ticket is returned; null means that it is stored already, or need not be.
/// </summary>
internal sealed class Records(Shard shard)
{
    private readonly AwaitedReferences _awaited = new();
    private readonly Queue<(ulong Lsn, Action Continue)> _continuations = new();
    private readonly List<StoreRange> _finished = [];

    /// <summary>A session was opened or changed its expiry.</summary>
    /// <returns>The log sequence number that CONNACK waits for; 0: none.</returns>
    public ulong SessionOpened(Session session, bool existed)
    {
        if (!session.IsPersistent && !existed)
        {
            return 0;
        }

        session.IsRecorded = true;
        ulong lsn = Append(new StoreRecord
        {
            Kind = StoreRecordKind.SessionOpened,
            Session = session.Number,
            Epoch = session.Epoch,
            Topic = Encoding.UTF8.GetBytes(session.ClientIdentifier),
            UserName = session.UserName,
            Version = session.Version,
            Seconds = session.ExpiryIntervalSeconds,
        });
        return session.Will is { } will && session.IsPersistent ? WillSet(session, will) : lsn;
    }

    /// <summary>The client of a session is away since this time; nobody waits for this.</summary>
    public void SessionAway(Session session, long utcMilliseconds) => Append(new StoreRecord
    {
        Kind = StoreRecordKind.SessionAway,
        Session = session.Number,
        Epoch = session.Epoch,
        UtcMilliseconds = utcMilliseconds,
        Sequence = session.Outbox?.SentEnd ?? 0,
    });

    /// <summary>The deliveries of a session below a sequence number are handed to its client.</summary>
    public ulong Sent(Session session, ulong below, bool isAwaited)
    {
        session.MakeStored().SentRecordedBelow = below;
        return Append(new StoreRecord
        {
            Kind = StoreRecordKind.Sent,
            IsAwaited = isAwaited,
            Session = session.Number,
            Epoch = session.Epoch,
            Sequence = below,
        });
    }

    /// <summary>A session is over.</summary>
    /// <returns>The log sequence number that the CONNACK of a Clean Start waits for; 0: none.</returns>
    public ulong SessionEnded(Session session) => session.IsRecorded
        ? Append(new StoreRecord { Kind = StoreRecordKind.SessionEnded, Session = session.Number, Epoch = session.Epoch })
        : 0;

    public Ticket Subscribed(Session session, Subscription subscription, ReadOnlySpan<byte> filter, byte options) =>
        session.IsPersistent
            ? new Ticket(Append(new StoreRecord
            {
                Kind = StoreRecordKind.Subscribed,
                Session = session.Number,
                Epoch = session.Epoch,
                Topic = filter,
                Options = options,
                Identifier = subscription.SubscriptionIdentifier,
            }))
            : default;

    public Ticket Unsubscribed(Session session, ReadOnlySpan<byte> filter) => session.IsPersistent
        ? new Ticket(Append(new StoreRecord
        {
            Kind = StoreRecordKind.Unsubscribed,
            Session = session.Number,
            Epoch = session.Epoch,
            Topic = filter,
        }))
        : default;

    /// <summary>The Will of this epoch is gone without having been published; nobody waits for this.</summary>
    public void WillRemoved(Session session)
    {
        if (session.IsRecorded)
        {
            Append(new StoreRecord { Kind = StoreRecordKind.WillRemoved, Session = session.Number, Epoch = session.Epoch });
        }
    }

    /// <summary>PUBREC came in; PUBREL waits for this.</summary>
    public Ticket Received(Session session, ulong sequence) => session.IsRecorded
        ? new Ticket(Append(new StoreRecord
        {
            Kind = StoreRecordKind.Received,
            Session = session.Number,
            Epoch = session.Epoch,
            Sequence = sequence,
        }))
        : default;

    /// <summary>A delivery is over. Nobody waits for this, so those of one iteration make one record.</summary>
    public void Finished(Session session, ulong sequence)
    {
        if (!session.IsRecorded)
        {
            return;
        }

        if (session.Stored?.Unrecorded is { } unrecorded && unrecorded.ContainsKey(sequence))
        {
            // No record precedes its message: this one is made when the message's is stored.
            unrecorded[sequence] = true;
            return;
        }

        if (session.FinishedSlot < _finished.Count && _finished[session.FinishedSlot] is var range
            && range.Session == session.Number && range.To + 1 == sequence)
        {
            _finished[session.FinishedSlot] = range with { To = sequence };
            return;
        }

        session.FinishedSlot = _finished.Count;
        _finished.Add(new StoreRange(session.Number, sequence, sequence));
    }

    /// <summary>The end of an iteration: what it has finished is appended.</summary>
    public void Flush()
    {
        if (_finished.Count > 0)
        {
            Append(new StoreRecord { Kind = StoreRecordKind.Finished, Ranges = CollectionsMarshal.AsSpan(_finished) });
            _finished.Clear();
        }
    }

    /// <summary>PUBREL released an incoming identifier; PUBCOMP waits for this.</summary>
    public Ticket Released(Session session, ushort packetIdentifier) =>
        session.IsRecorded ? Exchange(StoreRecordKind.Released, session, packetIdentifier) : default;

    /// <summary>A QoS 2 identifier came in without a message to keep; PUBREC waits for this.</summary>
    public Ticket Incoming(Session session, ushort packetIdentifier) =>
        session.IsPersistent ? Exchange(StoreRecordKind.Incoming, session, packetIdentifier) : default;

    /// <summary>One message with all its persistent receivers, or a retained one.</summary>
    /// <returns>Its log sequence number, which the acknowledgement waits for.</returns>
    public ulong Message(scoped in Message message, scoped in MessageOrigin origin, ReadOnlySpan<StoreReference> references)
    {
        ulong lsn = Append(new StoreRecord
        {
            Kind = StoreRecordKind.Message,
            Session = message.Publisher,
            Epoch = origin.Epoch,
            PacketIdentifier = origin.PacketIdentifier,
            IsWill = origin.IsWill,
            Topic = message.Topic,
            Properties = message.Properties,
            Payload = message.Payload,
            Qos = message.Qos,
            Retain = message.Retain,
            RetainedRevision = origin.RetainedRevision,
            RetainedFloor = origin.RetainedRevision == 0 ? 0 : shard.Engine.RetainedMessages.Revisions.Floor,
            ExpiresAtUtcMilliseconds = message.ExpiresAtUtcMilliseconds,
            References = references,
            TakenFrom = origin.TakenFrom,
        });
        if (origin.RetainedRevision != 0)
        {
            NoteRevision(lsn, origin.RetainedRevision);
        }

        return lsn;
    }

    // Not before it is stored: an appended record may still stand in the log behind one of another shard that was appended later. Apart, so that
    // records without a revision, which are the most, make no closure.
    private void NoteRevision(ulong lsn, ulong revision) =>
        WhenStored(lsn, () => shard.Engine.RetainedMessages.Revisions.Recorded(revision));

    /// <summary>These deliveries are let go once their record is stored.</summary>
    public void ReleaseWhenStored(ulong lsn, ReadOnlySpan<StoreReference> references) => _awaited.Add(lsn, references);

    /// <summary>Runs something once a record is stored; at once when it is.</summary>
    public void WhenStored(ulong lsn, Action action)
    {
        if (lsn <= shard.Store.CommittedLsn)
        {
            action();
            return;
        }

        _continuations.Enqueue((lsn, action));
    }

    /// <summary>More of the log is stored: what waited for it goes on.</summary>
    public void Committed()
    {
        ulong committed = shard.Store.CommittedLsn;
        while (_awaited.TryTake(committed, out ReadOnlySpan<StoreReference> references))
        {
            shard.Gathering.Release(references);
        }

        while (_continuations.TryPeek(out (ulong Lsn, Action Continue) next) && next.Lsn <= committed)
        {
            _continuations.Dequeue().Continue();
        }

        shard.Waiting.Release(committed);
        shard.Retained.PumpWaiting();
    }

    private ulong WillSet(Session session, Will will) => Append(new StoreRecord
    {
        Kind = StoreRecordKind.Will,
        Session = session.Number,
        Epoch = session.Epoch,
        Topic = will.Topic,
        Properties = will.Properties,
        Payload = will.Payload,
        Qos = will.Qos,
        Retain = will.Retain,
        Seconds = will.DelayIntervalSeconds,
        MessageExpirySeconds = will.MessageExpiryIntervalSeconds,
    });

    private Ticket Exchange(StoreRecordKind kind, Session session, ushort packetIdentifier) => new Ticket(Append(new StoreRecord
    {
        Kind = kind,
        Session = session.Number,
        Epoch = session.Epoch,
        PacketIdentifier = packetIdentifier,
    }));

    private ulong Append(scoped in StoreRecord record) => shard.Store.Append(record);
}
