using Starling.Protocol.Loops;

namespace Starling.Protocol.Tests.Connections;

/// <summary>A transport of a client that remembers.</summary>
internal sealed class ClientConnectionOutput : IConnectionOutput
{
    private byte[] _span = [];
    private readonly List<byte> _bytes = [];

    public int PendingBytes { get; set; }

    public bool IsPaused { get; private set; }

    public bool IsClosed { get; private set; }

    public bool IsAborted { get; private set; }

    public Span<byte> GetSpan(int length) => _span = new byte[length];

    public void Advance(int length) => _bytes.AddRange(_span.AsSpan(0, length));

    public void Append(IOutputBlock block, int offset, int length)
    {
        _bytes.AddRange(block.Bytes.Slice(offset, length));
        block.Release();
    }

    public void PauseReading() => IsPaused = true;

    public void ResumeReading() => IsPaused = false;

    public void Close() => IsClosed = true;

    public void Abort() => IsAborted = true;

    public void MoveTo(int loopIndex) => throw new NotSupportedException();

    /// <summary>Takes what was written since the last call.</summary>
    public byte[] Take()
    {
        byte[] taken = [.. _bytes];
        _bytes.Clear();
        return taken;
    }
}
