namespace Starling.Client;

/// <summary>
/// When a lost connection is tried again: after a random part of <see cref="FirstDelay"/> × 2ⁿ, at most of <see cref="MaxDelay"/>.
/// </summary>
public sealed class ReconnectOptions
{
    /// <summary>Whether a lost connection is tried again at all; otherwise the client is Faulted. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The upper bound of the first delay. Default 0.2 s; above 0.</summary>
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The upper bound of every delay. Default 30 s; at least <see cref="FirstDelay"/>, at most an hour.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After so long a connection counts as stable, and the delays begin anew. Default 30 s; not negative.</summary>
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(30);
}
