namespace Starling.Transports.Loops;

/// <summary>Where a connection stands; it only ever moves down this list.</summary>
internal enum ConnectionPhase : byte
{
    /// <summary>Bytes go both ways.</summary>
    Open,

    /// <summary>Closed by its client: what is pending is being sent, what arrives is discarded.</summary>
    Closing,

    /// <summary>All is sent and the sending side is shut; what arrives is discarded until the peer closes, too.</summary>
    Lingering,

    /// <summary>Over; its client has yet to be told.</summary>
    Ended,

    /// <summary>Moved away, or over and its client told: nothing may touch it.</summary>
    Gone,
}
