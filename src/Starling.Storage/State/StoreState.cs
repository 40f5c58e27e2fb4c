using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Storage.Records;

namespace Starling.Storage.State;

/// <summary>
/// The index: what all records up to an LSN amount to. A pure state machine: the same records give the same state, also when those that
/// a checkpoint may or may not have seen are applied to it again. Of one thread.
/// </summary>
internal sealed class StoreState
{
    private readonly QueuePool _pool = new();

    public StoreState() => Retained = new RetainedTable(Segments);

    public SegmentUses Segments { get; } = new();

    public SessionTable Sessions { get; } = new();

    public RetainedTable Retained { get; }

    /// <summary>The LSN of the last frame that was applied.</summary>
    public ulong Lsn { get; set; }

    /// <summary>The newest time of a frame or an event.</summary>
    public long NewestUtcMilliseconds { get; private set; }

    /// <summary>References whose session was over when their record was applied.</summary>
    public long IgnoredReferences { get; private set; }

    /// <summary>Deliveries and retained messages that compaction has relocated.</summary>
    public long MovedReferences { get; private set; }

    public void SawTime(long utcMilliseconds) => NewestUtcMilliseconds = Math.Max(NewestUtcMilliseconds, utcMilliseconds);

    /// <summary>A session that a checkpoint has, to be filled by the caller.</summary>
    public SessionState AddSession(ulong number, ReadOnlySpan<byte> clientIdentifier, ulong capturedLsn)
    {
        SessionState session = new(number, clientIdentifier.ToArray(), _pool) { CapturedLsn = capturedLsn };
        Sessions.Add(session);
        return session;
    }

    /// <summary>Applies one record of the frame with this LSN.</summary>
    public void Apply(scoped in RecordView record, ulong lsn, Location location)
    {
        switch (record.Type)
        {
            case RecordType.Message:
                ApplyMessage(record, lsn, location);
                break;
            case RecordType.Finished:
                ByteReader ranges = new(record.Items);
                for (uint i = 0; i < record.Count; i++)
                {
                    Finish(RecordDecoder.ReadRange(ref ranges), lsn);
                }

                break;
            case RecordType.SessionOpened:
                OpenSession(record, lsn);
                break;
            case RecordType.DeliveriesMoved:
                MoveDeliveries(record, lsn);
                break;
            case RecordType.RetainedMoved:
                MoveRetained(record, lsn);
                break;
            case RecordType.None:
                break;
            default:
                if (Sessions.Find(record.Session) is { } session)
                {
                    ApplyToSession(session, record, lsn);
                }

                break;
        }
    }

    private void ApplyToSession(SessionState session, scoped in RecordView record, ulong lsn)
    {
        switch (record.Type)
        {
            case RecordType.SessionEnded:
                EndSession(session, lsn);
                return;
            case RecordType.Subscribed:
                session.Subscriptions.Set(record.Topic, record.Options, record.Identifier);
                return;
            case RecordType.Unsubscribed:
                session.Subscriptions.Remove(record.Topic);
                return;
            case RecordType.Received:
                Receive(session, record.Sequence, lsn);
                return;
            case RecordType.Sent:
                session.SentUpTo(record.Sequence);
                return;
            default:
                if (lsn > session.CapturedLsn)
                {
                    ApplyToHead(session, record);
                }

                return;
        }
    }

    // These are in the head of a session, which a checkpoint takes down at once.
    private void ApplyToHead(SessionState session, scoped in RecordView record)
    {
        switch (record.Type)
        {
            case RecordType.SessionAway when record.Epoch == session.Epoch:
                session.AwaySinceUtcMilliseconds = record.UtcMilliseconds;
                session.SentUpTo(record.Sequence);
                break;
            case RecordType.Incoming:
                (session.Incoming ??= []).Add(record.PacketIdentifier);
                break;
            case RecordType.Released:
                session.Incoming?.Remove(record.PacketIdentifier);
                break;
            case RecordType.Will:
                session.Will = new StoredWill
                {
                    Epoch = record.Epoch,
                    Topic = record.Topic.ToArray(),
                    Properties = record.Properties.ToArray(),
                    Payload = record.Payload.ToArray(),
                    Qos = record.Qos,
                    Retain = record.Retain,
                    DelaySeconds = record.Seconds,
                    MessageExpirySeconds = record.MessageExpirySeconds,
                };
                break;
            case RecordType.WillRemoved when session.Will?.Epoch == record.Epoch:
                session.Will = null;
                break;
        }
    }

    private void OpenSession(scoped in RecordView record, ulong lsn)
    {
        SessionState session = Sessions.Find(record.Session) ?? AddSession(record.Session, record.Topic, 0);
        if (lsn <= session.CapturedLsn)
        {
            return;
        }

        session.Epoch = record.Epoch;
        session.ExpirySeconds = record.Seconds;
        session.Version = record.Version;
        session.UserName = record.HasUserName ? record.UserName.ToArray() : null;
        session.AwaySinceUtcMilliseconds = null;

        // A connection that changes its expiry keeps its Will; the next one brings its own.
        session.Will = session.Will?.Epoch == record.Epoch ? session.Will : null;
    }

    private void EndSession(SessionState session, ulong lsn)
    {
        ulong from = 0;
        while (session.TryNextDelivery(from, out ulong sequence, out QueueEntry entry))
        {
            if (!entry.IsReceived)
            {
                Segments.Remove(entry.Location, lsn);
            }

            if (sequence == ulong.MaxValue)
            {
                break;
            }

            from = sequence + 1;
        }

        Sessions.Remove(session);
    }

    private void ApplyMessage(scoped in RecordView record, ulong lsn, Location location)
    {
        ushort size = SizeCode.Encode(record.ContentBytes);
        ByteReader references = new(record.Items);
        for (uint i = 0; i < record.Count && ReferenceFormat.TryRead(ref references, out ReferenceView reference); i++)
        {
            AddDelivery(reference, location, size);
        }

        if (record.RetainedRevision != 0)
        {
            Retained.Apply(record, location, lsn);
        }

        if (record.TakenFrom.Session != 0)
        {
            Finish(record.TakenFrom, lsn);
        }

        if ((record.PacketIdentifier != 0 || record.IsWill) && Sessions.Find(record.Session) is { } publisher && lsn > publisher.CapturedLsn)
        {
            if (record.PacketIdentifier != 0 && record.Qos == QualityOfService.ExactlyOnce)
            {
                (publisher.Incoming ??= []).Add(record.PacketIdentifier);
            }

            if (record.IsWill && publisher.Will?.Epoch == record.Epoch)
            {
                publisher.Will = null;
            }
        }
    }

    private void AddDelivery(scoped in ReferenceView reference, Location location, ushort size)
    {
        if (Sessions.Find(reference.Session) is not { } session)
        {
            IgnoredReferences++;
            return;
        }

        session.SawSequence(reference.Sequence);
        if (reference.IsShared && reference.IsOnline && reference.Qos == QualityOfService.ExactlyOnce)
        {
            // It counts as sent, so that no other member of the group ever gets it [MQTT-4.8.2-5]; it leaves after all that stand before it.
            session.SentUpTo(reference.Sequence == ulong.MaxValue ? reference.Sequence : reference.Sequence + 1);
        }

        if (session.FindDelivery(reference.Sequence).IsEmpty)
        {
            session.AddDelivery(reference, new QueueEntry(location, reference.Qos, reference.Retain) { Size = size });
            Segments.Add(location);
        }
    }

    private void Finish(StoreRange range, ulong lsn)
    {
        if (Sessions.Find(range.Session) is not { } session)
        {
            return;
        }

        ulong sequence = range.From;
        while (sequence <= range.To)
        {
            if (session.TryRemoveDelivery(sequence, out QueueEntry entry))
            {
                if (!entry.IsReceived)
                {
                    Segments.Remove(entry.Location, lsn);
                }
            }
            else if (!session.TryNextDelivery(sequence, out ulong next, out _) || next > range.To)
            {
                // Whatever the range says, the work is that of the deliveries in it.
                return;
            }
            else
            {
                sequence = next;
                continue;
            }

            if (sequence == ulong.MaxValue)
            {
                return;
            }

            sequence++;
        }
    }

    private void Receive(SessionState session, ulong sequence, ulong lsn)
    {
        // Deliveries leave in order, so those before it were sent too. Also when it is finished already, as a checkpoint may have it.
        session.SentUpTo(sequence == ulong.MaxValue ? sequence : sequence + 1);
        if (session.FindDelivery(sequence) is [var entry] place && !entry.IsReceived)
        {
            Segments.Remove(entry.Location, lsn);
            place[0].SetReceived();
        }
    }

    private void MoveDeliveries(scoped in RecordView record, ulong lsn)
    {
        Segments.NoteMove(record.Session, lsn);
        ByteReader moves = new(record.Items);
        for (uint i = 0; i < record.Count; i++)
        {
            DeliveryMove move = MoveFormat.ReadDelivery(ref moves);
            Location from = new(record.Sequence, move.OldOffset);
            Location to = new(record.Session, move.NewOffset);
            if (Sessions.Find(move.Session) is { } session && session.FindDelivery(move.Sequence) is [var entry] place
                && !entry.IsReceived && entry.Location == from)
            {
                Segments.Remove(from, lsn);
                Segments.Add(to);
                place[0].MoveTo(to);
                MovedReferences++;
            }
        }
    }

    private void MoveRetained(scoped in RecordView record, ulong lsn)
    {
        Segments.NoteMove(record.Session, lsn);
        ByteReader moves = new(record.Items);
        for (uint i = 0; i < record.Count; i++)
        {
            (ulong revision, long oldOffset, long newOffset) = MoveFormat.ReadRetainedMove(ref moves, out ReadOnlySpan<byte> topic);
            Retained.Move(topic, revision, new Location(record.Sequence, oldOffset), new Location(record.Session, newOffset), lsn);
            MovedReferences++;
        }
    }
}
