using Starling.CommitLog.Frames;

namespace Starling.CommitLog;

/// <summary>
/// Room in a frame, which the caller fills and then completes, soon: the commit of the frame waits for it. Sealed records must fill it
/// to the last byte.
/// </summary>
public readonly ref struct LogReservation
{
    private readonly FrameBuffer _frame;

    internal LogReservation(FrameBuffer frame, int offset, int lengthBytes)
    {
        _frame = frame;
        FrameLsn = frame.Lsn;
        WasEmpty = offset == FrameHeader.Bytes;
        Span = frame.Bytes.AsSpan(offset, lengthBytes);
    }

    /// <summary>The room. It holds what an earlier frame left there.</summary>
    public Span<byte> Span { get; }

    /// <summary>The LSN of the frame: the records are committed when <see cref="SegmentedLog.DurableLsn"/> has reached it.</summary>
    public ulong FrameLsn { get; }

    /// <summary>Whether this is the first in its frame, so that the committer must be told.</summary>
    public bool WasEmpty { get; }

    /// <summary>Gives the filled room to the committer. Once, and by any thread.</summary>
    public void Complete() => _frame.Complete(Span.Length);
}
