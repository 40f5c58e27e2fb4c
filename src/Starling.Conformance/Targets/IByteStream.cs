namespace Starling.Conformance.Targets;

/// <summary>One connection to what is tested, as bytes. Used by one case at a time.</summary>
internal interface IByteStream : IAsyncDisposable
{
    /// <summary>Sends all bytes.</summary>
    /// <returns>False when the peer has closed or reset the connection and takes no more.</returns>
    ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Waits for bytes.</summary>
    /// <returns>How many came; 0: the connection has ended, in order or by a reset; -1: the limit has passed in silence.</returns>
    ValueTask<int> ReceiveAsync(Memory<byte> destination, TimeSpan limit, CancellationToken cancellation);

    /// <summary>Breaks the connection without a word, as a failing network does.</summary>
    void Abort();
}
