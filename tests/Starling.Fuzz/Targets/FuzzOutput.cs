using Starling.Protocol.Loops;

namespace Starling.Fuzz.Targets;

/// <summary>The output of a connection, kept for whoever plays the peer.</summary>
internal sealed class FuzzOutput : IConnectionOutput
{
    private readonly List<byte> _bytes = [];
    private byte[] _span = [];

    public int PendingBytes { get; set; }

    public bool IsPaused { get; private set; }

    /// <summary>Whether the connection was closed or aborted: nothing may be written any more.</summary>
    public bool IsOver { get; private set; }

    public Span<byte> GetSpan(int length)
    {
        if (_span.Length < length)
        {
            _span = new byte[length];
        }

        return _span;
    }

    public void Advance(int length)
    {
        if (IsOver)
        {
            throw new InvalidOperationException("Written after the close.");
        }

        _bytes.AddRange(_span.AsSpan(0, length));
    }

    public void Append(IOutputBlock block, int offset, int length)
    {
        block.Bytes.Slice(offset, length).CopyTo(GetSpan(length));
        Advance(length);
        block.Release();
    }

    public byte[] Take()
    {
        byte[] bytes = [.. _bytes];
        _bytes.Clear();
        return bytes;
    }

    public void PauseReading() => IsPaused = true;

    public void ResumeReading() => IsPaused = false;

    public void Close() => IsOver = true;

    public void Abort() => IsOver = true;

    public void MoveTo(int loopIndex) => throw new InvalidOperationException("Nothing moves here.");
}
