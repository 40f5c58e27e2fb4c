using Starling.Crash.Serving;

namespace Starling.Crash.Rounds;

/// <summary>What a trial is: rounds on one data directory.</summary>
internal sealed record TrialOptions(FileLayer Layer, int Seed)
{
    /// <summary>False: the broker lives on, and only all connections end.</summary>
    public bool IsKilling { get; init; } = true;

    /// <summary>The most acknowledgements before a load is cut.</summary>
    public int AcknowledgementsMax { get; init; } = 3000;

    /// <summary>Milliseconds that each sync takes longer.</summary>
    public int SyncDelay { get; init; }

    /// <summary>Gets a line for each step; null: nothing is told.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Where data directories are made; null: where temporary files are.</summary>
    public string? Folder { get; init; }
}
