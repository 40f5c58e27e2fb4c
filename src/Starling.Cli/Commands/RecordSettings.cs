using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary>What the flags of <c>record</c> say.</summary>
internal sealed record RecordSettings
{
    public required string File { get; init; }

    public required IReadOnlyList<string> Filters { get; init; }

    public required SubscribeOptions Options { get; init; }

    /// <summary>End after so many messages; null: no limit.</summary>
    public long? Count { get; init; }

    /// <summary>End after so long; null: no limit.</summary>
    public TimeSpan? Duration { get; init; }

    public bool IsAnonymised { get; init; }
}
