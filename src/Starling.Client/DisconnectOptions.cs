using Starling.Protocol;

namespace Starling.Client;

/// <summary>How to say goodbye.</summary>
public sealed record DisconnectOptions
{
    /// <summary>
    /// The Reason Code, one that a client may send; Success drops the Will, <see cref="ReasonCode.DisconnectWithWill"/> has it published.
    /// </summary>
    public ReasonCode Reason { get; init; }

    /// <summary>
    /// A new Session Expiry Interval; null leaves it. 5.0 only; above zero only for a session that was to outlive its connection.
    /// </summary>
    public TimeSpan? SessionExpiry { get; init; }
}
