using Starling.CommitLog;

namespace Starling.Storage.Commits;

/// <summary>
/// What all shards share when they append: the log, whether the disk or the store is full, and how the committer is told. Any thread.
/// </summary>
internal sealed class Appends
{
    /// <summary>So much may gather that nobody waits for, before it is committed for its own sake.</summary>
    private const int LazyBytesMax = 256 << 10;

    private readonly SegmentedLog _log;
    private readonly long _fullBytesMax;
    private readonly Wakeup _committer;
    private long _fullBytesLeft;
    private int _lazyBytes;
    private int _isWanted;
    private volatile bool _isFull;
    private volatile bool _isFailed;

    /// <param name="log">The log.</param>
    /// <param name="fullBytesMax">What records that take space may take while the disk is full.</param>
    /// <param name="committer">Wakes the committer.</param>
    public Appends(SegmentedLog log, long fullBytesMax, Wakeup committer)
    {
        _log = log;
        _fullBytesMax = fullBytesMax;
        _committer = committer;
        _fullBytesLeft = fullBytesMax;
    }

    /// <summary>Whether the disk is nearly full, as the worker has found.</summary>
    public bool IsFull => _isFull;

    public bool IsFailed => _isFailed;

    /// <summary>Whether publishers must be held back for the sake of the disk, or for ever.</summary>
    public bool IsHeld => _isFull || _isFailed || _log.IsDiskFull;

    /// <summary>Whether somebody waits for a commit, or much has gathered.</summary>
    public bool IsCommitWanted => Volatile.Read(ref _isWanted) != 0;

    /// <summary>
    /// Reserves room for one record. On a full disk a record that takes space gets it from the reserve only while little of it was taken
    /// so: what publishers had sent before they were held back.
    /// </summary>
    public bool TryReserve(int paddedBytes, bool takesSpace, out LogReservation reservation)
    {
        reservation = default;
        if (_isFailed)
        {
            return false;
        }

        bool isHeld = IsHeld;
        bool isCharged = isHeld && takesSpace;
        if (isCharged && Interlocked.Add(ref _fullBytesLeft, -paddedBytes) < 0)
        {
            Interlocked.Add(ref _fullBytesLeft, paddedBytes);
            return false;
        }

        if (_log.TryReserve(paddedBytes, 1, mayUseReserve: !takesSpace || isHeld, out reservation))
        {
            return true;
        }

        // Only what is taken is charged: the same record comes again.
        if (isCharged)
        {
            Interlocked.Add(ref _fullBytesLeft, paddedBytes);
        }

        // The open frame is full, so whatever it holds is worth a commit.
        Want();
        return false;
    }

    /// <summary>A record was completed.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="isAwaited">Whether somebody waits for it.</param>
    public void Appended(int bytes, bool isAwaited)
    {
        if (isAwaited)
        {
            Want();
        }
        else if (Interlocked.Add(ref _lazyBytes, bytes) > LazyBytesMax)
        {
            Want();
        }
    }

    /// <summary>The committer is about to take what there is.</summary>
    public void BeginCommit()
    {
        Interlocked.Exchange(ref _isWanted, 0);
        Volatile.Write(ref _lazyBytes, 0);
    }

    public void Want()
    {
        if (Volatile.Read(ref _isWanted) == 0 && Interlocked.Exchange(ref _isWanted, 1) == 0)
        {
            _committer.Set();
        }
    }

    public void SetFull(bool isFull)
    {
        Interlocked.Exchange(ref _fullBytesLeft, _fullBytesMax);
        _isFull = isFull;
    }

    public void SetFailed() => _isFailed = true;
}
