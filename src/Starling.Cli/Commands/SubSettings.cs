using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary>What the flags of <c>sub</c> say.</summary>
internal sealed record SubSettings
{
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>Messages on these are left out.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    public required SubscribeOptions Options { get; init; }

    /// <summary>After so many messages it ends; null: never.</summary>
    public long? Count { get; init; }

    /// <summary>After so long it ends with <see cref="ExitCode.TimedOut"/>; null: never.</summary>
    public TimeSpan? Wait { get; init; }

    public PrintSettings Print { get; init; } = new();

    /// <summary>Clears every retained message that is printed.</summary>
    public bool RemovesRetained { get; init; }

    /// <summary>How many of a hundred messages are printed; 100 for all.</summary>
    public double RandomFilter { get; init; } = 100;

    /// <summary>Leaves out what the server had retained.</summary>
    public bool IsFreshOnly { get; init; }

    /// <summary>Prints what the server had retained, and ends with the first message that is new.</summary>
    public bool IsRetainedOnly { get; init; }

    /// <summary>Ends when the subscriptions are acknowledged.</summary>
    public bool EndsSubscribed { get; init; }

    public bool Reconnects { get; init; }
}
