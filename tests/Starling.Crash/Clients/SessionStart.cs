using Starling.Conformance.Wire;

namespace Starling.Crash.Clients;

/// <summary>What one CONNECT says beyond the profile.</summary>
internal sealed record SessionStart
{
    public bool CleanStart { get; init; }

    /// <summary>Seconds; 0: the session ends with the connection.</summary>
    public int ExpirySeconds { get; init; } = 3600;

    public WireWill? Will { get; init; }
}
