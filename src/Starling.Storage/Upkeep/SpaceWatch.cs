using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Tools;

namespace Starling.Storage.Upkeep;

/// <summary>Looks at the space of the disk, and holds publishers back while there is too little. Of the worker.</summary>
internal sealed class SpaceWatch(StoreParts parts)
{
    private const long FreeBytesMaxByDefault = 1L << 30;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MeasurePause = TimeSpan.FromSeconds(10);
    private static readonly string[] Folders =
        [StoreNames.LogFolder, StoreNames.ColdFolder, StoreNames.CheckpointFolder, StoreNames.FreeFolder];


    private long _lastTime;
    private bool _isLow;
    private long _freeBytes;
    private long _fullCount;
    private bool _hasLooked;
    private long _measuredAt;
    private long _usedBytes;
    private int _coldSegments;

    /// <summary>Free bytes when it looked last. Any thread may ask, as for the next.</summary>
    public long FreeBytes => Volatile.Read(ref _freeBytes);

    /// <summary>Bytes of the files of the store, not older than ten seconds and a step. Any thread may ask, as for the next.</summary>
    public long UsedBytes => Volatile.Read(ref _usedBytes);

    /// <summary>Files that compaction has written.</summary>
    public int ColdSegments => Volatile.Read(ref _coldSegments);

    /// <summary>How often there was too little space.</summary>
    public long FullCount => Volatile.Read(ref _fullCount);

    /// <summary>Looks: at the log always, at the disk once a second.</summary>
    public void Look()
    {
        if (!_hasLooked || parts.Time.GetElapsedTime(_lastTime) >= Pause)
        {
            _hasLooked = true;
            _lastTime = parts.Time.GetTimestamp();
            LogSpace space = parts.Directory.Space;
            Volatile.Write(ref _freeBytes, space.FreeBytes);
            _isLow = space.FreeBytes < (parts.Options.DiskFreeBytesMin ?? Math.Min(space.TotalBytes / 10, FreeBytesMaxByDefault));
        }

        if (_usedBytes == 0 || parts.Time.GetElapsedTime(_measuredAt) >= MeasurePause)
        {
            _measuredAt = parts.Time.GetTimestamp();
            TryMeasure();
        }

        bool isFull = _isLow || parts.Log.IsDiskFull;
        if (isFull == parts.Appends.IsFull)
        {
            return;
        }

        parts.Appends.SetFull(isFull);
        if (isFull)
        {
            Volatile.Write(ref _fullCount, _fullCount + 1);
            parts.Logger.DiskFull(parts.Directory.Path, FreeBytes);
        }
        else
        {
            parts.Logger.DiskHasRoom(parts.Directory.Path, FreeBytes);
            parts.Committer.SignalRoom();
            parts.Appends.Want();
        }
    }

    private void TryMeasure()
    {
        try
        {
            Measure();
        }
        catch (IOException)
        {
            // These are figures for people, and those of before will do: no free handle, say, is no reason to stop storing.
        }
    }

    private void Measure()
    {
        long bytes = 0;
        foreach (string folder in Folders)
        {
            (long folderBytes, int files) = ToolDirectory.Measure(parts.Directory, folder);
            bytes += folderBytes;
            if (folder == StoreNames.ColdFolder)
            {
                Volatile.Write(ref _coldSegments, files);
            }
        }

        Volatile.Write(ref _usedBytes, bytes);
    }
}
