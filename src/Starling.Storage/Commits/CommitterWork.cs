using Starling.Storage.State;

namespace Starling.Storage.Commits;

/// <summary>Something the worker wants done with the index, by the committer between two commits: short, so that no commit waits long.</summary>
internal abstract class CommitterWork
{
    private volatile bool _isDone;

    public bool IsDone => _isDone;

    /// <summary>Of the committer.</summary>
    public void Run(StoreState state)
    {
        Do(state);
        _isDone = true;
    }

    /// <summary>To be asked again.</summary>
    protected void Reset() => _isDone = false;

    protected abstract void Do(StoreState state);
}
