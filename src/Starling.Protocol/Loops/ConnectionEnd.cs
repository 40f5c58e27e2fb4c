namespace Starling.Protocol.Loops;

/// <summary>How a connection ended, as the transport saw it.</summary>
public enum ConnectionEnd : byte
{
    /// <summary>This side closed it.</summary>
    ByUs,

    /// <summary>The peer closed its side in order.</summary>
    ByPeer,

    /// <summary>The peer reset it, or the network failed.</summary>
    Failed,

    /// <summary>The peer did not take what was left to send within the time for it.</summary>
    NotTaken,
}
