using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>One buffer for all connections added; each knows how much of it is still its own (<see cref="SharedPart"/>).</summary>
internal sealed class SharedOutput(EventLoop loop) : ISharedOutput
{
    /// <summary>So much is sent soon, so that the kernel works while the loop goes on.</summary>
    private const int BytesMax = 64 * 1024;

    private OutputBuffer _buffer;
    private bool _isOpen;

    public bool IsOpen => _isOpen;

    public int Length => _buffer.Length;

    public ReadOnlySpan<byte> Bytes => _buffer.Next;

    public void Open() => _isOpen = true;

    public void Close()
    {
        _isOpen = false;
        _buffer.Release(loop.Buffers);
    }

    public void Add(IConnectionOutput output)
    {
        LoopConnection connection = (LoopConnection)output;
        if (connection.Phase == ConnectionPhase.Open && !connection.IsSendBroken)
        {
            connection.Shared.MoveTo(ref connection.Output, loop.Buffers);
            loop.Flusher.Moved(connection);
            connection.Shared = new SharedPart(this);
        }
    }

    public Span<byte> GetSpan(int length)
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("The shared output has ended with its iteration.");
        }

        return _buffer.GetSpan(loop.Buffers, length);
    }

    public void Advance(int length)
    {
        _buffer.Advance(length);
        if (_buffer.Length >= BytesMax)
        {
            loop.Shared.IsAnyFull = true;
        }
    }
}
