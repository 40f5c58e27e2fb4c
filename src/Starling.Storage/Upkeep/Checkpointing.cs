using Starling.CommitLog;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Upkeep;

/// <summary>
/// Takes a checkpoint when enough log was written since the last one: the committer takes a piece of the index down, this writes it,
/// and so on; then the manifest names it. The two newest are kept. Of the worker.
/// </summary>
internal sealed class Checkpointing(StoreParts parts) : IDisposable
{
    private CaptureWork? _work;
    private ILogFile? _file;
    private string _name = "";
    private long _length;
    private long _begunAtBytes;

    // As if this process had written what it has replayed: otherwise short lives would never take one, and each replay more.
    private long _lastAtBytes = -parts.Recovery.Bytes;
    private long _lastBytes = parts.Recovery.CheckpointBytes;
    private long _writtenBytes;
    private long _count;
    private bool _isWanted;

    public bool IsBusy => _work is not null;

    public bool IsWantedOrBusy => _isWanted || IsBusy;

    /// <summary>Checkpoints since the start. Any thread may ask, as for the next two.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Bytes of the newest one.</summary>
    public long LastBytes => Volatile.Read(ref _lastBytes);

    /// <summary>Bytes of all of them.</summary>
    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    /// <summary>Bytes of log that a restart would replay.</summary>
    public long LogBytesSince => parts.Committer.WrittenBytes - _lastAtBytes;

    /// <summary>Wants one now, whatever was written.</summary>
    public void Want() => _isWanted = true;

    /// <summary>Does a step. False when there is nothing to do, or the committer has to do something first.</summary>
    public bool Step()
    {
        try
        {
            return _work is null ? TryBegin() : TryContinue();
        }
        catch (LogFullException cause)
        {
            GiveUp();
            parts.Logger.CheckpointFailed(cause);
            return false;
        }
    }

    public void Dispose() => _file?.Dispose();

    private bool TryBegin()
    {
        if (parts.Log.DurableLsn == parts.Manifest.Current.NewestCheckpoint)
        {
            _isWanted = false;
            return false;
        }

        // On a full disk a checkpoint sooner lets segments go.
        long due = Math.Max(parts.Options.CheckpointBytes, 4 * LastBytes) / (parts.Appends.IsFull ? 16 : 1);
        if (!_isWanted && LogBytesSince < due)
        {
            return false;
        }

        _isWanted = false;
        _begunAtBytes = parts.Committer.WrittenBytes;
        _length = 0;
        _name = $"{StoreNames.CheckpointFolder}/next{StoreNames.BeingWritten}";
        parts.Directory.Delete(_name);
        _file = parts.Directory.Open(_name, LogFileMode.CreateNew);
        _work = new CaptureWork(parts.Time.GetUtcNow().ToUnixTimeMilliseconds());
        parts.Ask(_work);
        return true;
    }

    private bool TryContinue()
    {
        if (_work is not { IsDone: true, Capture: { } capture } work || _file is not { } file)
        {
            return false;
        }

        file.Write(work.Buffer.Bytes, _length);
        _length += work.Buffer.Length;
        Volatile.Write(ref _writtenBytes, _writtenBytes + work.Buffer.Length);
        if (!capture.IsDone)
        {
            work.Next();
            parts.Ask(work);
            return true;
        }

        file.Sync();
        file.Dispose();
        _file = null;
        Publish(capture.StartLsn);
        _work = null;
        return true;
    }

    private void Publish(ulong startLsn)
    {
        Manifest before = parts.Manifest.Current;
        string name = StoreNames.Checkpoint(startLsn);
        parts.Directory.Rename(_name, name);
        parts.Directory.SyncFolder(StoreNames.CheckpointFolder);
        parts.Manifest.Replace(before with
        {
            NewestCheckpoint = startLsn,
            OlderCheckpoint = before.NewestCheckpoint,
            NextSegmentId = parts.Log.NextSegmentId(),
        });
        if (before.OlderCheckpoint != 0)
        {
            parts.Directory.Delete(StoreNames.Checkpoint(before.OlderCheckpoint));
        }

        _lastAtBytes = _begunAtBytes;
        Volatile.Write(ref _lastBytes, _length);
        Volatile.Write(ref _count, _count + 1);
        parts.Logger.CheckpointWritten(name, _length);
    }

    private void GiveUp()
    {
        _file?.Dispose();
        _file = null;
        if (_work is { } work)
        {
            // Another attempt begins when as much was written again.
            _lastAtBytes = parts.Committer.WrittenBytes;
            _work = null;
            work.GiveUp();
            parts.Ask(work);
        }

        parts.Directory.Delete(_name);
    }
}
