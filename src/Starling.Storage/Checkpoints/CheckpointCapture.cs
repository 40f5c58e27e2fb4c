using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Checkpoints;

/// <summary>
/// Takes the index down, piece by piece, while it changes in between: each session's head at once, the rest later. Replaying the log from
/// the start LSN makes what was taken down at different times agree. Of the committer.
/// </summary>
internal sealed class CheckpointCapture
{
    private const int SegmentsOfRecordMax = 4096;

    private readonly StoreState _state;
    private readonly CheckpointSessions _sessions;
    private readonly long _nowUtcMilliseconds;
    private readonly int _retainedEnd;
    private int _retainedSlot;
    private long _records;
    private long _retainedCount;
    private bool _isBegun;

    public CheckpointCapture(StoreState state, long nowUtcMilliseconds)
    {
        _state = state;
        _nowUtcMilliseconds = nowUtcMilliseconds;
        _sessions = new CheckpointSessions(state);
        StartLsn = state.Lsn;
        state.Retained.KeepsDeleted = true;
        _retainedEnd = state.Retained.Slots.Length;
    }

    /// <summary>Frames up to this one are in the checkpoint.</summary>
    public ulong StartLsn { get; }

    public bool IsDone { get; private set; }

    /// <summary>Gives up or ends: deleted retained messages are forgotten again.</summary>
    public void Close() => _state.Retained.KeepsDeleted = false;

    /// <summary>Adds the next records until the buffer is about as long as a piece may be.</summary>
    public void Fill(RecordBuffer buffer, int pieceBytes)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            buffer.Begin();
            buffer.Write(Manifest.FormatMajor);
            buffer.Write(Manifest.FormatMinor);
            buffer.End(RecordType.CheckpointHead, StartLsn, 0, 0);
            _records++;
        }

        while (buffer.Length < pieceBytes)
        {
            if (_sessions.TryWriteNext(buffer))
            {
                _records++;
            }
            else if (_retainedSlot < _retainedEnd)
            {
                WriteRetained(buffer);
            }
            else
            {
                WriteSegments(buffer);
                WriteEnd(buffer);
                Close();
                IsDone = true;
                return;
            }
        }
    }

    private void WriteRetained(RecordBuffer buffer)
    {
        buffer.Begin();
        int count = 0;
        for (; _retainedSlot < _retainedEnd && buffer.RecordLength < CheckpointSessions.RecordBytesMax; _retainedSlot++)
        {
            if (_state.Retained.Slots[_retainedSlot] is not { } retained)
            {
                continue;
            }

            if (!retained.IsDeleted && retained.ExpiresAtUtcMilliseconds <= _nowUtcMilliseconds)
            {
                // No record says so, and a clock may be set back: whoever loads this must not find it alive again.
                _state.SawTime(_nowUtcMilliseconds);
                _state.Retained.Expire(retained, _state.Lsn);
            }

            buffer.Write(retained.Revision);
            buffer.Write(retained.Location.Value);
            buffer.Write(retained.ExpiresAtUtcMilliseconds);
            buffer.Write((ushort)retained.Topic.Length);
            buffer.Write(retained.Topic);
            count++;
        }

        buffer.End(RecordType.CheckpointRetained, 0, 0, count);
        _records++;
        _retainedCount += count;
    }

    private void WriteSegments(RecordBuffer buffer)
    {
        foreach (SegmentUse[] uses in _state.Segments.All.OrderBy(use => use.Id).Chunk(SegmentsOfRecordMax))
        {
            buffer.Begin();
            foreach (SegmentUse use in uses)
            {
                buffer.Write(use.Id);
                buffer.Write(use.TotalReferences);
                buffer.Write(use.EmptiedLsn);
                buffer.Write(use.IsCold ? 1UL : 0UL);
            }

            buffer.End(RecordType.CheckpointSegments, 0, 0, uses.Length);
            _records++;
        }
    }

    private void WriteEnd(RecordBuffer buffer)
    {
        buffer.Begin();
        buffer.Write(_records);
        buffer.Write(_sessions.SessionCount);
        buffer.Write(_sessions.DeliveryCount);
        buffer.Write(_retainedCount);
        buffer.Write(_state.Retained.HighestRevision);
        buffer.Write(_state.NewestUtcMilliseconds);
        buffer.End(RecordType.CheckpointEnd, _state.Lsn, 0, 0);
    }
}
