namespace Starling.Storage;

/// <summary>What repairing a data directory has done.</summary>
public sealed record RepairReport
{
    /// <summary>What was wrong; empty: nothing, and nothing was changed.</summary>
    public required IReadOnlyList<StoreFinding> Findings { get; init; }

    /// <summary>What could be saved.</summary>
    public ImportReport Saved { get; init; } = new();

    /// <summary>Deliveries whose messages could not be read.</summary>
    public long LostMessages { get; init; }

    /// <summary>Retained messages that could not be read.</summary>
    public long LostRetained { get; init; }

    /// <summary>The folder in the directory with the damaged files and a report; null: nothing was changed.</summary>
    public string? Folder { get; init; }
}
