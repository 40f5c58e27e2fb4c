using Starling.Storage.Records;

namespace Starling.Storage.State;

/// <summary>The retained messages by topic, ordered by their revisions.</summary>
internal sealed class RetainedTable(SegmentUses segments)
{
    private readonly Dictionary<byte[], RetainedState> _byTopic = new(ByteKeys.Comparer);
    private readonly Queue<(ulong Revision, RetainedState State)> _deleted = new();

    public SlotList<RetainedState> Slots { get; } = new();

    /// <summary>Retained messages, deleted ones not counted.</summary>
    public int Count { get; private set; }

    /// <summary>The highest revision that was ever seen.</summary>
    public ulong HighestRevision { get; private set; }

    /// <summary>Deleted ones are not forgotten meanwhile: a checkpoint that is being written needs them.</summary>
    public bool KeepsDeleted { get; set; }

    public RetainedState? Find(ReadOnlySpan<byte> topic) =>
        _byTopic.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out RetainedState? state) ? state : null;

    /// <summary>A message record with a revision.</summary>
    public void Apply(in RecordView record, Location location, ulong lsn)
    {
        HighestRevision = Math.Max(HighestRevision, record.RetainedRevision);
        RetainedState state = Find(record.Topic) ?? Add(record.Topic);
        if (record.RetainedRevision > state.Revision)
        {
            Set(state, record.RetainedRevision, record.Payload.IsEmpty ? default : location, lsn);
            state.ExpiresAtUtcMilliseconds = record.ExpiresAtUtcMilliseconds;
        }

        Forget(record.RetainedFloor);
    }

    /// <summary>An entry of a checkpoint.</summary>
    public void Restore(ReadOnlySpan<byte> topic, ulong revision, Location location, long expiresAtUtcMilliseconds)
    {
        RetainedState state = Find(topic) ?? Add(topic);
        state.Revision = revision;
        state.Location = location;
        state.ExpiresAtUtcMilliseconds = expiresAtUtcMilliseconds;
        if (location == default)
        {
            _deleted.Enqueue((revision, state));
        }
        else
        {
            Count++;
            segments.Restore(location);
        }
    }

    public void RestoreHighestRevision(ulong revision) => HighestRevision = Math.Max(HighestRevision, revision);

    /// <summary>The message stands somewhere else, if it is still the one that was moved.</summary>
    public void Move(ReadOnlySpan<byte> topic, ulong revision, Location from, Location to, ulong lsn)
    {
        if (Find(topic) is { } state && state.Revision == revision && state.Location == from)
        {
            segments.Remove(from, lsn);
            segments.Add(to);
            state.Location = to;
        }
    }

    /// <summary>The message of this entry has expired; its revision still counts.</summary>
    public void Expire(RetainedState state, ulong lsn) => Set(state, state.Revision, default, lsn);

    /// <summary>Everything whose time has come expires.</summary>
    public void ExpireUntil(long nowUtcMilliseconds, ulong lsn)
    {
        for (int slot = 0; slot < Slots.Length; slot++)
        {
            if (Slots[slot] is { IsDeleted: false } state && state.ExpiresAtUtcMilliseconds <= nowUtcMilliseconds)
            {
                Expire(state, lsn);
            }
        }
    }

    /// <summary>No record of a lower revision comes any more, so what was deleted below it need not be remembered.</summary>
    public void Forget(ulong floor)
    {
        while (!KeepsDeleted && _deleted.TryPeek(out (ulong Revision, RetainedState State) first) && first.Revision < floor)
        {
            _deleted.Dequeue();
            if (first.State.IsDeleted && first.State.Revision == first.Revision && Slots[first.State.Slot] == first.State)
            {
                _byTopic.Remove(first.State.Topic);
                Slots.Remove(first.State.Slot);
            }
        }
    }

    private RetainedState Add(ReadOnlySpan<byte> topic)
    {
        RetainedState state = new(topic.ToArray());
        state.Slot = Slots.Add(state);
        _byTopic.Add(state.Topic, state);
        return state;
    }

    private void Set(RetainedState state, ulong revision, Location location, ulong lsn)
    {
        if (!state.IsDeleted)
        {
            segments.Remove(state.Location, lsn);
            Count--;
        }

        state.Revision = revision;
        state.Location = location;
        if (location == default)
        {
            _deleted.Enqueue((revision, state));
        }
        else
        {
            segments.Add(location);
            Count++;
        }
    }
}
