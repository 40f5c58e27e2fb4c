using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Opening;

/// <summary>Makes the index of a directory: from the newest whole checkpoint, then from the frames after it.</summary>
internal sealed class StateLoading : IFrameVisitor
{
    private readonly ILogDirectory _directory;

    private StateLoading(ILogDirectory directory, StoreState state)
    {
        _directory = directory;
        State = state;
    }

    public StoreState State { get; }

    /// <summary>The LSN up to which the checkpoint has everything; 0: there is none.</summary>
    public ulong CheckpointLsn { get; private init; }

    /// <summary>Why the newest checkpoint was not used.</summary>
    public string? Damage { get; private init; }

    /// <summary>Loads the checkpoint; the caller lets this visit the frames after it.</summary>
    /// <exception cref="StoreException">There are checkpoints, and none is whole.</exception>
    public static StateLoading Begin(ILogDirectory directory, Manifest manifest)
    {
        string? damage = null;
        foreach (ulong startLsn in new[] { manifest.NewestCheckpoint, manifest.OlderCheckpoint })
        {
            if (startLsn == 0)
            {
                continue;
            }

            if (CheckpointLoader.TryLoad(directory, startLsn, out string found) is { } state)
            {
                foreach (SegmentUse use in state.Segments.All.Where(use => use is { IsCold: true, LiveReferences: > 0 }))
                {
                    RequireCold(directory, use.Id);
                }

                return new StateLoading(directory, state) { CheckpointLsn = startLsn, Damage = damage };
            }

            damage ??= found;
        }

        return damage is null
            ? new StateLoading(directory, new StoreState())
            : throw new StoreException(
                StoreFailure.Corrupt, $"{directory.Path}: {damage}, and there is no other whole checkpoint; try starling store repair");
    }

    /// <inheritdoc/>
    public void Visit(in LogFrame frame)
    {
        ReadOnlySpan<byte> rest = frame.Records;
        long offset = frame.RecordsOffset;
        while (!rest.IsEmpty)
        {
            if (RecordFormat.TryRead(rest, out int length) != RecordStatus.Valid
                || !RecordDecoder.TryDecode(rest[..length], out RecordView record)
                || frame.SegmentId > Location.SegmentMax)
            {
                string file = StoreNames.Log(frame.SegmentId);
                throw new StoreException(
                    StoreFailure.Corrupt, $"{_directory.Path}/{file} is damaged at offset {offset}; try starling store repair");
            }

            if (record.Type is RecordType.DeliveriesMoved or RecordType.RetainedMoved)
            {
                RequireCold(_directory, record.Session);
            }

            State.Apply(record, frame.Lsn, new Location(frame.SegmentId, offset));
            int padded = RecordFormat.Padded(length);
            offset += padded;
            rest = rest[padded..];
        }

        State.Lsn = frame.Lsn;
        State.SawTime(frame.UtcMilliseconds);
    }

    /// <summary>All frames were visited: what only replaying needs is forgotten, and what has expired.</summary>
    public void End(long nowUtcMilliseconds) => End(State, nowUtcMilliseconds);

    /// <summary>
    /// The same for an index that was made otherwise. No record says what has expired here, so a start from a checkpoint of before must come
    /// to the same result, before it asks for files.
    /// </summary>
    public static void End(StoreState state, long clockUtcMilliseconds)
    {
        // Whatever the clock says now, it was once as late as that. A checkpoint of this LSN still has what expires, so it counts as later.
        state.Retained.ExpireUntil(Math.Max(clockUtcMilliseconds, state.NewestUtcMilliseconds), state.Lsn + 1);
        state.Retained.Forget(ulong.MaxValue);
    }

    // A file of compaction is given back only when no record that a start replays, and no checkpoint that is kept, refers to it.
    private static void RequireCold(ILogDirectory directory, ulong segment)
    {
        string name = StoreNames.Cold(segment);
        if (!directory.Exists(name))
        {
            throw new StoreException(StoreFailure.Corrupt, $"{directory.Path}/{name} is missing, and messages are in it; try starling store repair");
        }
    }
}
