using System.Collections.Concurrent;

namespace Starling.Storage.Commits;

/// <summary>Questions of the shards that the committer has not looked at yet. Any thread asks.</summary>
internal sealed class ReadQueue(Wakeup committer)
{
    private readonly ConcurrentQueue<ReadRequest> _asked = new();

    public void Ask(ReadRequest request)
    {
        _asked.Enqueue(request);
        committer.Set();
    }

    public bool TryTake(out ReadRequest? request) => _asked.TryDequeue(out request);
}
