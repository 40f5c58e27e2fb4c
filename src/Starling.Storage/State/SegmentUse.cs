namespace Starling.Storage.State;

/// <summary>What the index refers to in one segment. Of the committer, but for the pins.</summary>
internal sealed class SegmentUse(ulong id)
{
    private int _pins;

    public ulong Id { get; } = id;

    /// <summary>References that were ever made to it.</summary>
    public long TotalReferences { get; set; }

    /// <summary>References that are in the index.</summary>
    public long LiveReferences { get; set; }

    /// <summary>Whether compaction wrote it, so that it is not part of the log.</summary>
    public bool IsCold { get; set; }

    /// <summary>The LSN of the frame that took the last reference away; counts while there is none.</summary>
    public ulong EmptiedLsn { get; set; }

    /// <summary>The highest place that was ever referred to; -1: none. What stands behind it in a file of compaction counts for nobody.</summary>
    public long HighestOffset { get; private set; } = -1;

    /// <summary>Whether a reader is at its file. Any thread may ask.</summary>
    public bool IsPinned => Volatile.Read(ref _pins) > 0;

    public void Reaches(long offset) => HighestOffset = Math.Max(HighestOffset, offset);

    public void Pin() => Interlocked.Increment(ref _pins);

    /// <summary>Of whoever reads.</summary>
    public void Unpin() => Interlocked.Decrement(ref _pins);
}
