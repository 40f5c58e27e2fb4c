using Starling.Protocol;

namespace Starling.Client;

/// <summary>How to say goodbye.</summary>
public sealed record DisconnectOptions
{
    /// <summary>The Reason Code; Success drops the Will, <see cref="ReasonCode.DisconnectWithWill"/> has it published.</summary>
    public ReasonCode Reason { get; init; }

    /// <summary>A new Session Expiry Interval; null leaves it. 5.0 only.</summary>
    public TimeSpan? SessionExpiry { get; init; }
}
