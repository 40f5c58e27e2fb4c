namespace Starling.Crash.Clients;

/// <summary>What a client with a will does.</summary>
internal enum WillBehaviour
{
    /// <summary>Its connection ends without DISCONNECT while the load runs.</summary>
    Vanishes,

    /// <summary>It is connected when the broker is killed, and does not come back.</summary>
    Stays,

    /// <summary>It is connected when the broker is killed, and comes back before its will is due.</summary>
    ComesBack,

    /// <summary>It says DISCONNECT while the load runs.</summary>
    TakesItBack,
}
