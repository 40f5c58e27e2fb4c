using Starling.Protocol.Loops;

namespace Starling.Transports.Tests;

/// <summary>A block that must be released once, and not be read afterwards.</summary>
internal sealed class TestBlock : IOutputBlock
{
    private readonly HeldBlocks _held;
    private byte[]? _bytes;

    public TestBlock(byte[] bytes, HeldBlocks held)
    {
        _bytes = bytes;
        _held = held;
        held.Count++;
    }

    public ReadOnlySpan<byte> Bytes => _bytes ?? throw new InvalidOperationException("It has been released.");

    public void Release()
    {
        Assert.NotNull(_bytes);
        _bytes = null;
        _held.Count--;
    }
}
