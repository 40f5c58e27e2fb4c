using Starling.Storage.Checkpoints;

namespace Starling.Storage.Upkeep;

/// <summary>
/// Lets one backup at a time have a checkpoint of now, and keeps all files until it is done: no checkpoint, no compaction, nothing given
/// back meanwhile. Any thread asks; the worker steps.
/// </summary>
internal sealed class BackupHold(StoreParts parts, Checkpointing checkpointing, Compaction compaction)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<BackupPlan>? _asked;
    private TaskCompletionSource<BackupPlan>? _begun;
    private volatile bool _isHeld;

    /// <summary>Whether files must stay.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>Asks for a plan; null when another backup is under way.</summary>
    public Task<BackupPlan>? TryAsk()
    {
        lock (_lock)
        {
            if (_asked is not null)
            {
                return null;
            }

            _asked = new TaskCompletionSource<BackupPlan>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _asked.Task;
        }
    }

    /// <summary>The backup has all it needs, or was given up.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _isHeld = false;
            _asked = null;
        }
    }

    /// <summary>Nothing is backed up any more: the store has failed or ends.</summary>
    public void Fail(Exception cause)
    {
        lock (_lock)
        {
            _asked?.TrySetException(cause);
        }
    }

    /// <summary>Of the worker, after the others.</summary>
    public bool Step()
    {
        lock (_lock)
        {
            if (_isHeld || _asked is not { } asked)
            {
                return false;
            }

            if (_begun != asked)
            {
                _begun = asked;
                checkpointing.Want();
                return true;
            }

            if (checkpointing.IsWantedOrBusy || compaction.IsBusy)
            {
                return false;
            }

            compaction.BeginAnotherFile();
            BackupPlan plan = new(
                parts.Manifest.Current,
                parts.Log.Segments,
                [.. parts.Directory.List(StoreNames.ColdFolder).Select(file => $"{StoreNames.ColdFolder}/{file}")]);
            _isHeld = asked.TrySetResult(plan);
            return true;
        }
    }
}
