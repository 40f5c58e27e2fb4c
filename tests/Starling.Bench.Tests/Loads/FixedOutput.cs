using Starling.Protocol.Loops;

namespace Starling.Bench.Tests.Loads;

/// <summary>An output into one array, which the test empties.</summary>
internal sealed class FixedOutput : IConnectionOutput
{
    private readonly byte[] _bytes = new byte[1 << 20];
    private int _length;

    public int PendingBytes => _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public Span<byte> GetSpan(int length) => _bytes.AsSpan(_length);

    public void Advance(int length) => _length += length;

    public void Append(IOutputBlock block, int offset, int length)
    {
        block.Bytes.Slice(offset, length).CopyTo(_bytes.AsSpan(_length));
        _length += length;
        block.Release();
    }

    public void Clear() => _length = 0;

    public void PauseReading()
    {
    }

    public void ResumeReading()
    {
    }

    public void Close()
    {
    }

    public void Abort()
    {
    }

    public void MoveTo(int loopIndex) => throw new InvalidOperationException("There is one loop.");
}
