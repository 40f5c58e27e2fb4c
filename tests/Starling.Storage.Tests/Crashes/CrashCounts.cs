namespace Starling.Storage.Tests.Crashes;

/// <summary>What happened in crash rounds.</summary>
internal sealed class CrashCounts
{
    public int Rounds { get; set; }

    /// <summary>Batches that were acknowledged before a kill.</summary>
    public long Batches { get; set; }

    /// <summary>Rounds in which the process was killed before it had opened the store.</summary>
    public int KilledOpening { get; set; }

    /// <summary>Rounds in which a batch that nobody was told of was there.</summary>
    public int Unacknowledged { get; set; }

    /// <summary>Rounds whose unsynced tail was damaged, by the kind of damage.</summary>
    public Dictionary<TailDamage, int> Damaged { get; } = [];

    public int PowerCuts { get; set; }

    public long Checkpoints { get; set; }

    public long Compacted { get; set; }

    public long Freed { get; set; }

    /// <summary>The highest number of a segment.</summary>
    public long Segments { get; set; }

    public override string ToString() =>
        $"{Rounds} rounds, {Batches} batches acknowledged, none lost; {Unacknowledged} unacknowledged found; {KilledOpening} killed while opening; "
        + $"{PowerCuts} with a power cut; tails: {string.Join(", ", Damaged.OrderBy(entry => entry.Key).Select(entry => $"{entry.Value} {entry.Key}"))}; "
        + $"{Checkpoints} checkpoints, {Compacted} segments compacted, {Freed} given back, {Segments} begun";
}
