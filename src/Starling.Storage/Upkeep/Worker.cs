namespace Starling.Storage.Upkeep;

/// <summary>
/// Everything that is not a commit: files ahead of need, space, checkpoints, compaction, segments given back, scrubbing. A step machine: a thread only calls
/// <see cref="Step"/>.
/// </summary>
internal sealed class Worker : IDisposable
{
    private readonly StoreParts _parts;

    public Worker(StoreParts parts)
    {
        _parts = parts;
        Checkpointing = new Checkpointing(parts);
        Compaction = new Compaction(parts, Checkpointing);
        Scrubbing = new Scrubbing(parts, Compaction);
        Freeing = new Freeing(parts, Checkpointing, Compaction, Scrubbing);
        Backup = new BackupHold(parts, Checkpointing, Compaction);
        Space = new SpaceWatch(parts);
    }

    public Checkpointing Checkpointing { get; }

    public Compaction Compaction { get; }

    public Scrubbing Scrubbing { get; }

    public Freeing Freeing { get; }

    public BackupHold Backup { get; }

    public SpaceWatch Space { get; }

    /// <summary>Does one step of each. False when there is nothing to do before the next commit or the next second.</summary>
    /// <exception cref="IOException">Something on the disk is broken.</exception>
    public bool Step()
    {
        Space.Look();
        bool didSomething = _parts.Log.Prepare();
        Space.Look();
        if (!Backup.IsHeld)
        {
            didSomething |= Checkpointing.Step();
            didSomething |= Compaction.Step();
            didSomething |= Freeing.Step();
            didSomething |= Backup.Step();
        }

        didSomething |= Scrubbing.Step();
        return didSomething;
    }

    public void Dispose()
    {
        Checkpointing.Dispose();
        Compaction.Dispose();
        Scrubbing.Dispose();
    }
}
