namespace Starling.Broker.Sessions;

/// <summary>The state that the two ends of MQTT share, on the broker's side. Touched by its shard only.</summary>
internal sealed class Session
{
    /// <summary>Process-wide, never reused.</summary>
    public required ulong Number { get; init; }

    /// <summary>Whether the session outlives its connection.</summary>
    public bool IsPersistent { get; set; }

    /// <summary>Its place in the result that the shard's match cache builds; says nothing at other times.</summary>
    public int MatchSlot { get; set; }
}
