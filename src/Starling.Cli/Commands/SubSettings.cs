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

    /// <summary>Prints the topic too.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Adds no line feed.</summary>
    public bool IsWithoutEnd { get; init; }

    /// <summary>Leaves out what the server had retained.</summary>
    public bool IsFreshOnly { get; init; }

    /// <summary>Prints what the server had retained, and ends with the first message that is new.</summary>
    public bool IsRetainedOnly { get; init; }

    /// <summary>Ends when the subscriptions are acknowledged.</summary>
    public bool EndsSubscribed { get; init; }

    public bool Reconnects { get; init; }
}
