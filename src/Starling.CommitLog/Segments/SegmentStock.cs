namespace Starling.CommitLog.Segments;

/// <summary>
/// The files for segments to come. One is ready under its name; others are allocated and wait in the folder of free files, among them
/// the reserve, which is touched only when the disk has no room for another.
/// </summary>
/// <param name="directory">The directory of the store.</param>
/// <param name="options">Sizes and numbers.</param>
internal sealed class SegmentStock(ILogDirectory directory, CommitLogOptions options) : IDisposable
{
    // Held while files are made, renamed and removed. The ready one is taken without it, so that a commit waits for the disk only when
    // there is none.
    private readonly Lock _files = new();
    private readonly Queue<string> _free = new();
    private SegmentFile? _ready;
    private ulong _lastFreeNumber;
    private ulong _lastId;
    private volatile bool _isFull;

    /// <summary>Whether the disk has no room for another segment than those of the reserve.</summary>
    public bool IsFull => _isFull;

    public ulong NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Takes over the free files that are there. Before anything else.</summary>
    public void Open(ulong lastId)
    {
        _lastId = lastId;
        directory.CreateFolder(SegmentNames.LogFolder);
        directory.CreateFolder(SegmentNames.FreeFolder);
        directory.SyncFolder("");
        foreach (string file in directory.List(SegmentNames.FreeFolder))
        {
            string name = $"{SegmentNames.FreeFolder}/{file}";
            if (SegmentNames.TryParse(file, out ulong number))
            {
                _lastFreeNumber = Math.Max(_lastFreeNumber, number);
                if (_free.Count < options.RecycledSegmentsMax && directory.CountLinks(name) == 1 && IsWhole(name))
                {
                    _free.Enqueue(name);
                    continue;
                }
            }

            directory.Delete(name);
        }
    }

    /// <summary>A segment for a frame of this length. Of the committer.</summary>
    /// <exception cref="LogFullException">There is no room, not even in the reserve.</exception>
    public SegmentFile Take(long frameBytes)
    {
        if (frameBytes > options.SegmentBytes)
        {
            lock (_files)
            {
                return MakeLarge(frameBytes);
            }
        }

        if (Interlocked.Exchange(ref _ready, null) is { } ready)
        {
            return ready;
        }

        lock (_files)
        {
            // The worker may have made it in the meantime.
            return Interlocked.Exchange(ref _ready, null) ?? MakeReady();
        }
    }

    /// <summary>Does one step towards a ready segment and a whole reserve. Of the worker.</summary>
    /// <returns>Whether there was something to do that could be done.</returns>
    public bool Prepare()
    {
        lock (_files)
        {
            try
            {
                if (Volatile.Read(ref _ready) is null)
                {
                    Volatile.Write(ref _ready, MakeReady());
                    UpdateFull();
                    return true;
                }

                UpdateFull();
                if (_free.Count >= options.ReserveSegments)
                {
                    return false;
                }

                _free.Enqueue(Allocate());
                UpdateFull();
                return true;
            }
            catch (LogFullException)
            {
                _isFull = true;
                return false;
            }
        }
    }

    /// <summary>The disk had no room for what was to be written.</summary>
    public void NoteFull() => _isFull = true;

    /// <summary>Takes the file of a segment that nobody needs any more: for another segment, or off the disk.</summary>
    public void Recycle(string name)
    {
        lock (_files)
        {
            // Whatever shares the file, a backup say, keeps what is in it.
            if (_free.Count < options.RecycledSegmentsMax && directory.CountLinks(name) == 1 && IsWhole(name) && TryMoveToFree(name))
            {
                UpdateFull();
            }
            else
            {
                directory.Delete(name);
            }
        }
    }

    public void Dispose() => _ready?.File.Dispose();

    private SegmentFile MakeReady()
    {
        if (_free.Count <= options.ReserveSegments)
        {
            try
            {
                // The reserve is for later, and the file that was longest in the queue comes first.
                _free.Enqueue(Allocate());
            }
            catch (LogFullException) when (_free.Count > 0)
            {
                _isFull = true;
            }
        }

        string free = _free.Peek();
        ILogFile file = directory.Open(free, LogFileMode.ReadWrite);
        try
        {
            ulong id = NextId();
            string name = SegmentNames.Log(id);
            directory.Rename(free, name);
            _free.Dequeue();

            // In this order a power cut between them loses the file and never leaves it with two names.
            SyncNames(SegmentNames.FreeFolder);
            SyncNames(SegmentNames.LogFolder);
            return new SegmentFile(id, name, file, options.SegmentBytes);
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }
    }

    private SegmentFile MakeLarge(long frameBytes)
    {
        // Segments are used in the order of their identifiers: the ready one would come too late after this one.
        if (Interlocked.Exchange(ref _ready, null) is { } ready)
        {
            ready.File.Dispose();
            if (!TryMoveToFree(ready.Name))
            {
                directory.Delete(ready.Name);
            }
        }

        ulong id = NextId();
        string name = SegmentNames.Log(id);

        // To the byte, so that nothing stands behind it at an offset that no segment has.
        ILogFile file = Create(name, frameBytes);
        SyncNames(SegmentNames.LogFolder);
        return new SegmentFile(id, name, file, frameBytes);
    }

    private string Allocate()
    {
        string name = SegmentNames.Free(++_lastFreeNumber);
        Create(name, options.SegmentBytes).Dispose();
        return name;
    }

    private ILogFile Create(string name, long length)
    {
        ILogFile file = directory.Open(name, LogFileMode.CreateNew);
        try
        {
            file.Allocate(length);
            file.Sync();
            return file;
        }
        catch (IOException)
        {
            file.Dispose();
            directory.Delete(name);
            throw;
        }
    }

    private bool TryMoveToFree(string name)
    {
        string free = SegmentNames.Free(++_lastFreeNumber);
        try
        {
            directory.Rename(name, free);
        }
        catch (LogFullException)
        {
            return false;
        }

        _free.Enqueue(free);
        return true;
    }

    // A name whose sync has failed is as good as lost, for whatever reason: another attempt would prove nothing.
    private void SyncNames(string folder)
    {
        try
        {
            directory.SyncFolder(folder);
        }
        catch (LogFullException cause)
        {
            throw new IOException(cause.Message, cause);
        }
    }

    // A crash during the allocation may have left less.
    private bool IsWhole(string name)
    {
        try
        {
            using ILogFile file = directory.Open(name, LogFileMode.Read);
            return file.Length == options.SegmentBytes;
        }
        catch (LogFullException)
        {
            // There is no free handle to look with, so another file will be made when there is one.
            return false;
        }
    }

    private void UpdateFull()
    {
        int spare = _free.Count + (Volatile.Read(ref _ready) is null ? 0 : 1);
        if (spare > options.ReserveSegments)
        {
            _isFull = false;
        }
    }
}
