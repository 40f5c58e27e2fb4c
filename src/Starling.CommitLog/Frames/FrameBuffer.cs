namespace Starling.CommitLog.Frames;

/// <summary>
/// The bytes of one frame while it is filled and written. Room is reserved under the lock of <see cref="FrameQueue"/>, filled by any
/// threads, and written by the committer once all of it is filled.
/// </summary>
internal sealed class FrameBuffer(int capacityBytes)
{
    // Pinned, so that the system reads it in place and the collector never moves it.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacityBytes, pinned: true);
    private int _reserved = FrameHeader.Bytes;
    private int _filled = FrameHeader.Bytes;
    private int _records;

    public byte[] Bytes => _bytes;

    public ulong Lsn { get; private set; }

    public int LengthBytes => _reserved;

    public int RecordCount => _records;

    public bool IsEmpty => Volatile.Read(ref _reserved) == FrameHeader.Bytes;

    public void Reset(ulong lsn)
    {
        Lsn = lsn;
        _reserved = FrameHeader.Bytes;
        _filled = FrameHeader.Bytes;
        _records = 0;
    }

    public bool TryReserve(int lengthBytes, int records, out LogReservation reservation)
    {
        int offset = _reserved;
        if (lengthBytes > _bytes.Length - offset)
        {
            reservation = default;
            return false;
        }

        Volatile.Write(ref _reserved, offset + lengthBytes);
        _records += records;
        reservation = new LogReservation(this, offset, lengthBytes);
        return true;
    }

    public void Complete(int lengthBytes) => Interlocked.Add(ref _filled, lengthBytes);

    /// <summary>Waits for the threads that have reserved room and not filled it yet: each is within one copy of being done.</summary>
    public void WaitUntilFilled()
    {
        SpinWait spin = default;
        while (Volatile.Read(ref _filled) != _reserved)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
