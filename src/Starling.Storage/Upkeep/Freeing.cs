using Starling.Storage.Checkpoints;

namespace Starling.Storage.Upkeep;

/// <summary>Gives segments back that nobody needs. Of the worker.</summary>
internal sealed class Freeing(StoreParts parts, Checkpointing checkpointing, Compaction compaction, Scrubbing scrubbing)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private FreeWork? _work;
    private long _lastCheckpoint = -1;
    private long _lastCompaction = -1;
    private long _lastTime;
    private long _freed;

    /// <summary>Segments given back since the start. Any thread may ask.</summary>
    public long Freed => Volatile.Read(ref _freed);

    /// <summary>Does a step. False when there is nothing to do, or the committer has to do something first.</summary>
    public bool Step()
    {
        if (_work is { } work)
        {
            if (!work.IsDone)
            {
                return false;
            }

            _work = null;
            Free(work);
            return true;
        }

        bool isDue = _lastCheckpoint != checkpointing.Count || _lastCompaction != compaction.Compacted;
        if (!isDue && parts.Time.GetElapsedTime(_lastTime) < Pause)
        {
            return false;
        }

        _lastCheckpoint = checkpointing.Count;
        _lastCompaction = compaction.Compacted;
        _lastTime = parts.Time.GetTimestamp();
        _work = new FreeWork(parts.Log.Segments, parts.Manifest.Current.OlderCheckpoint, compaction.InUse.ToHashSet());
        parts.Ask(_work);
        return true;
    }

    private void Free(FreeWork work)
    {
        foreach (ulong segment in work.Log)
        {
            scrubbing.Leave(segment);
            parts.Files.Drop(segment);
            parts.Log.Free(segment);
            compaction.Forget(segment);
        }

        foreach (ulong segment in work.Cold)
        {
            scrubbing.Leave(segment);
            parts.Files.Drop(segment);
            parts.Directory.Delete(StoreNames.Cold(segment));
            compaction.Forget(segment);
        }

        Volatile.Write(ref _freed, _freed + work.Log.Count + work.Cold.Count);
    }
}
