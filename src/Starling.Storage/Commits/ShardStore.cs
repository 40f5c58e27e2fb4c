using System.Buffers;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Records;

namespace Starling.Storage.Commits;

/// <summary>
/// One shard's records on their way into the log. They are numbered and enter it in order: one that has no room waits, and with it all
/// that follow, until the next frame is open.
/// </summary>
internal sealed class ShardStore(Appends appends, ReadQueue reads, IShardStoreEvents events) : IShardStore
{
    private readonly Queue<WaitingRecord> _waiting = new();
    private readonly Lock _waitingLock = new();
    private readonly FrameMarks _marks = new();

    // Of the shard's thread.
    private ulong _appended;

    // Only the shard's thread raises it, so that when that thread reads 0 nobody else is appending for this shard.
    private int _waitingCount;
    private ulong _committed;

    public ulong CommittedLsn => Volatile.Read(ref _committed);

    public bool IsFull => Volatile.Read(ref _waitingCount) > 0 || appends.IsHeld;

    public IShardStoreEvents Events => events;

    public bool HasWaiting => Volatile.Read(ref _waitingCount) > 0;

    public ulong Append(scoped in StoreRecord record)
    {
        ulong number = ++_appended;
        if (appends.IsFailed)
        {
            return number;
        }

        int length = RecordEncoder.Measure(record);
        int padded = RecordFormat.Padded(length);
        bool takesSpace = record.Kind is StoreRecordKind.Message or StoreRecordKind.Will;
        bool isAwaited = record.IsAwaited || record.Kind is not (StoreRecordKind.Finished or StoreRecordKind.Sent or StoreRecordKind.SessionAway);
        if ((Volatile.Read(ref _waitingCount) == 0 || TryMoveWaiting())
            && appends.TryReserve(padded, takesSpace, out LogReservation reservation))
        {
            RecordEncoder.Write(reservation.Span, length, record);
            Complete(reservation, number, isAwaited);
            return number;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(padded);
        RecordEncoder.Write(bytes.AsSpan(0, padded), length, record);
        lock (_waitingLock)
        {
            _waiting.Enqueue(new WaitingRecord(bytes, padded, number, takesSpace, isAwaited));
            Volatile.Write(ref _waitingCount, _waiting.Count);
        }

        return number;
    }

    public void Read(ulong session, ReadOnlySpan<ulong> sequences) => reads.Ask(new ReadRequest(this, session, sequences.ToArray()));

    /// <summary>Appends what waits, as far as there is room. True when nothing waits any more.</summary>
    public bool TryMoveWaiting()
    {
        lock (_waitingLock)
        {
            while (_waiting.TryPeek(out WaitingRecord record))
            {
                if (!appends.TryReserve(record.PaddedBytes, record.TakesSpace, out LogReservation reservation))
                {
                    Volatile.Write(ref _waitingCount, _waiting.Count);
                    return false;
                }

                record.Bytes.AsSpan(0, record.PaddedBytes).CopyTo(reservation.Span);
                Complete(reservation, record.Number, record.IsAwaited);
                _waiting.Dequeue();
                ArrayPool<byte>.Shared.Return(record.Bytes);
            }

            Volatile.Write(ref _waitingCount, 0);
            return true;
        }
    }

    /// <summary>A frame is committed and applied. Of the committer.</summary>
    /// <returns>Whether somebody waits for a record in it.</returns>
    public bool SetCommitted(ulong frameLsn)
    {
        if (!_marks.TryGet(frameLsn, out ulong last, out bool isAwaited))
        {
            return false;
        }

        Volatile.Write(ref _committed, last);
        return isAwaited;
    }

    private void Complete(LogReservation reservation, ulong number, bool isAwaited)
    {
        int bytes = reservation.Span.Length;
        _marks.Add(reservation.FrameLsn, number, isAwaited);
        reservation.Complete();
        appends.Appended(bytes, isAwaited);
    }
}
