namespace Starling.CommitLog.Frames;

/// <summary>
/// The frames that are not committed yet: the open one, which takes records, large ones behind it, and those that the committer has
/// taken out of the way of the appending threads. Two buffers change places, so that one is filled while the other is written.
/// </summary>
internal sealed class FrameQueue
{
    private readonly Lock _lock = new();
    private readonly int _frameBytes;
    private readonly int _largeBytesMin;

    // Of the committer alone. The spare buffer is here whenever nothing is taken.
    private readonly Queue<FrameBuffer> _taken = new();
    private FrameBuffer? _spare;
    private FrameBuffer? _written;

    // Under the lock. Records of a frame of their own stand behind the open frame, which takes nothing more from then on.
    private readonly List<FrameBuffer> _large = [];
    private FrameBuffer _open;
    private long _largeBytes;
    private volatile bool _isClosed;
    private volatile bool _isStopped;

    public FrameQueue(int frameBytes)
    {
        _frameBytes = frameBytes;
        _largeBytesMin = (frameBytes / 4) + 1;
        _open = new FrameBuffer(frameBytes);
        _spare = new FrameBuffer(frameBytes);
    }

    public bool HasFrames => _taken.Count > 0 || _isClosed || !Volatile.Read(ref _open).IsEmpty;

    public void Start(ulong nextLsn) => _open.Reset(nextLsn);

    /// <summary>Refuses every record from now on.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
        }
    }

    public bool TryReserve(int lengthBytes, int records, out LogReservation reservation)
    {
        if (lengthBytes >= _largeBytesMin)
        {
            return TryReserveLarge(lengthBytes, records, out reservation);
        }

        lock (_lock)
        {
            if (_isClosed || _isStopped)
            {
                reservation = default;
                return false;
            }

            return _open.TryReserve(lengthBytes, records, out reservation);
        }
    }

    /// <summary>
    /// The next frame to write, filled to the end, or null. The one before it is given back. It stays the next one until
    /// <see cref="Release"/>.
    /// </summary>
    public FrameBuffer? Take()
    {
        if (_written is { } written)
        {
            _written = null;
            _spare = written.Bytes.Length == _frameBytes && _spare is null ? written : _spare;
        }

        if (_taken.Count == 0 && !TrySwap())
        {
            return null;
        }

        FrameBuffer frame = _taken.Peek();
        frame.WaitUntilFilled();
        return frame;
    }

    /// <summary>The frame that was taken is committed; its bytes stay as they are until the next one is taken.</summary>
    public void Release() => _written = _taken.Dequeue();

    private bool TrySwap()
    {
        FrameBuffer spare = _spare ?? throw new InvalidOperationException("a frame was taken while the one before it was still in use");
        lock (_lock)
        {
            FrameBuffer open = _open;
            if (open.IsEmpty && !_isClosed)
            {
                return false;
            }

            ulong nextLsn = open.Lsn + (open.IsEmpty ? 0UL : 1UL) + (ulong)_large.Count;
            if (!open.IsEmpty)
            {
                _taken.Enqueue(open);
                _spare = null;
                Volatile.Write(ref _open, spare);
            }

            foreach (FrameBuffer large in _large)
            {
                _taken.Enqueue(large);
            }

            _large.Clear();
            _largeBytes = 0;
            _open.Reset(nextLsn);
            _isClosed = false;
            return true;
        }
    }

    private bool TryReserveLarge(int lengthBytes, int records, out LogReservation reservation)
    {
        // The buffer is made before the lock is taken, and not at all where it would be refused.
        reservation = default;
        if (_isStopped || (_isClosed && Volatile.Read(ref _largeBytes) + lengthBytes > _frameBytes))
        {
            return false;
        }

        FrameBuffer frame = new(FrameHeader.Bytes + lengthBytes);
        lock (_lock)
        {
            if (_isStopped || (_isClosed && _largeBytes + lengthBytes > _frameBytes))
            {
                return false;
            }

            frame.Reset(_open.Lsn + (_open.IsEmpty ? 0UL : 1UL) + (ulong)_large.Count);
            _large.Add(frame);
            _largeBytes += lengthBytes;
            _isClosed = true;
            return frame.TryReserve(lengthBytes, records, out reservation);
        }
    }
}
