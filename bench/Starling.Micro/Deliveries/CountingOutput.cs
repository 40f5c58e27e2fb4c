using Starling.Protocol.Loops;

namespace Starling.Micro.Deliveries;

/// <summary>An output whose bytes are counted and forgotten, as if the kernel took them at once.</summary>
internal sealed class CountingOutput : IConnectionOutput
{
    private byte[] _buffer = new byte[1024];

    public long Bytes { get; private set; }

    public bool IsClosed { get; private set; }

    public int PendingBytes => 0;

    public Span<byte> GetSpan(int length)
    {
        if (length > _buffer.Length)
        {
            _buffer = new byte[length * 2];
        }

        return _buffer;
    }

    public void Advance(int length) => Bytes += length;

    public void Append(IOutputBlock block, int offset, int length)
    {
        Advance(length);
        block.Release();
    }

    public void PauseReading() => throw new InvalidOperationException("A publisher is held back.");

    public void ResumeReading()
    {
        // It was never paused.
    }

    public void Close() => IsClosed = true;

    public void Abort() => IsClosed = true;

    public void MoveTo(int loopIndex) => throw new InvalidOperationException("There is one loop only.");
}
