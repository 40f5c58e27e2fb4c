using Starling.Protocol.Loops;
using Starling.Transports.Loops;

namespace Starling.Transports.InMemory;

/// <summary>
/// The far end of an in-memory connection: what a socket would be to a peer. What it does is seen by the loop in its next iteration.
/// Belongs to the thread that drives the loops.
/// </summary>
public sealed class InMemoryPeer
{
    private readonly ByteQueue _toLoop = new();
    private readonly ByteQueue _fromLoop = new();
    private bool _hasEnded;
    private bool _hasReset;

    internal InMemoryPeer(int loopIndex) => LoopIndex = loopIndex;

    /// <summary>The loop that has the connection; changes when the connection moves.</summary>
    public int LoopIndex { get; internal set; }

    /// <summary>
    /// The most bytes that wait here unread, like the buffers of a real connection: at 0 nothing more is taken, so the loop's side
    /// sees a peer that does not read. May be changed at any time.
    /// </summary>
    public int AcceptBytesMax { get; set; } = int.MaxValue;

    /// <summary>How many bytes can be read now.</summary>
    public int AvailableBytes => _fromLoop.Length;

    /// <summary>How many written bytes the loop's side has not received yet.</summary>
    public int UnreceivedBytes => _toLoop.Length;

    /// <summary>Whether no more output will come: the loop's side has shut its sending side, closed or aborted.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>How the connection ended; null until it is over, which is after the lingering for a connection closed in order.</summary>
    public ConnectionEnd? End { get; private set; }

    /// <summary>Whether the connection was ended by a reset, which loses what is on the way, instead of in order.</summary>
    public bool IsReset { get; private set; }

    internal LoopConnection? Connection { get; set; }

    /// <summary>Sends bytes to the loop's side. They are received in one piece with what was written before and not received yet.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_hasEnded)
        {
            throw new InvalidOperationException("This peer has closed.");
        }

        _toLoop.Append(bytes);
    }

    /// <summary>Takes all output so far.</summary>
    public byte[] Read() => Read(int.MaxValue);

    /// <summary>Takes at most so many bytes of the output so far.</summary>
    public byte[] Read(int lengthBytesMax)
    {
        byte[] bytes = new byte[Math.Min(lengthBytesMax, _fromLoop.Length)];
        _fromLoop.Take(bytes);
        return bytes;
    }

    /// <summary>Closes in order: the loop's side receives what was written, then the end.</summary>
    public void CloseByPeer() => _hasEnded = true;

    /// <summary>Breaks the connection: what was written and not received is lost.</summary>
    public void ResetByPeer()
    {
        _hasEnded = true;
        _hasReset = true;
        _toLoop.Clear();
    }

    internal bool IsReadable => _toLoop.Length > 0 || _hasEnded;

    internal bool IsWritable => _hasReset || _fromLoop.Length < AcceptBytesMax;

    internal bool IsBroken => _hasReset;

    internal TransferStatus Receive(Span<byte> destination, out int received)
    {
        received = _toLoop.Take(destination);
        if (received > 0)
        {
            return TransferStatus.Done;
        }

        if (_hasReset)
        {
            return TransferStatus.Failed;
        }

        return _hasEnded ? TransferStatus.EndOfStream : TransferStatus.WouldBlock;
    }

    internal TransferStatus Send(ReadOnlySpan<byte> source, out int sent)
    {
        sent = 0;
        if (_hasReset)
        {
            return TransferStatus.Failed;
        }

        sent = Math.Clamp(AcceptBytesMax - _fromLoop.Length, 0, source.Length);
        _fromLoop.Append(source[..sent]);
        return sent > 0 ? TransferStatus.Done : TransferStatus.WouldBlock;
    }

    internal void ShutDown() => IsClosed = true;

    internal void Over(ConnectionEnd end, bool reset)
    {
        IsClosed = true;
        IsReset = reset;
        End = end;
        Connection = null;
    }
}
