using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>A session as it was stored.</summary>
public sealed record RecoveredSession
{
    /// <summary>The session number.</summary>
    public required ulong Number { get; init; }

    /// <summary>The Client Identifier.</summary>
    public required string ClientIdentifier { get; init; }

    /// <summary>The epoch of the last connection.</summary>
    public uint Epoch { get; init; }

    /// <summary>The version that the last connection spoke.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>The user name of the last connection; null when it had none.</summary>
    public string? UserName { get; init; }

    /// <summary>The Session Expiry Interval.</summary>
    public uint ExpirySeconds { get; init; }

    /// <summary>When the client went away, in milliseconds since 1970 UTC; null: it was connected when the broker ended.</summary>
    public long? AwaySinceUtcMilliseconds { get; init; }

    /// <summary>The next sequence number: above every one that was ever stored.</summary>
    public ulong NextSequence { get; init; }

    /// <summary>Deliveries below this were sent at least once, as far as is known.</summary>
    public ulong SentBelow { get; init; }

    /// <summary>The Will; null when it has none, or it was published.</summary>
    public RecoveredWill? Will { get; init; }
}
