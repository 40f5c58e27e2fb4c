namespace Starling.Transports.Loops;

/// <summary>What came of one receive or send that does not wait.</summary>
internal enum TransferStatus : byte
{
    /// <summary>Some bytes were transferred.</summary>
    Done,

    /// <summary>Nothing can be transferred now.</summary>
    WouldBlock,

    /// <summary>The peer has ended its side.</summary>
    EndOfStream,

    /// <summary>The connection is broken.</summary>
    Failed,
}
