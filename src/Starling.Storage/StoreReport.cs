namespace Starling.Storage;

/// <summary>What looking through a data directory has found.</summary>
/// <param name="Findings">What is wrong; empty when nothing is. At most a thousand.</param>
public sealed record StoreReport(IReadOnlyList<StoreFinding> Findings)
{
    /// <summary>Files that were read.</summary>
    public int Files { get; init; }

    /// <summary>Bytes that were read.</summary>
    public long Bytes { get; init; }

    /// <summary>Records whose checksum was checked.</summary>
    public long Records { get; init; }

    /// <summary>Where the log ends in an unfinished commit, which nobody was told of: this is no damage, and the next start removes it. Null: nowhere.</summary>
    public StoreFinding? UnfinishedCommit { get; init; }
}
