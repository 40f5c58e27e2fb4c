namespace Starling.Hosting;

/// <summary>Where a client may connect that names no user.</summary>
public enum AnonymousAccess
{
    /// <summary>On loopback addresses; a listener on another address is then refused at start.</summary>
    Local,

    /// <summary>On every listener.</summary>
    Everywhere,

    /// <summary>Nowhere.</summary>
    Nowhere,
}
