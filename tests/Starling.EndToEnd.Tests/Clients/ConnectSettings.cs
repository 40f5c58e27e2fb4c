namespace Starling.EndToEnd.Tests.Clients;

/// <summary>What a client says when it connects.</summary>
internal sealed record ConnectSettings(int Port, Level Level, string ClientIdentifier)
{
    public bool CleanStart { get; init; } = true;

    /// <summary>Only in 5.0; in 3.x a session without Clean Session does not expire.</summary>
    public uint SessionExpirySeconds { get; init; }

    public Message? Will { get; init; }

    /// <summary>The same client with a session that outlives the connection.</summary>
    public ConnectSettings Persistent() => this with { CleanStart = false, SessionExpirySeconds = 600 };
}
