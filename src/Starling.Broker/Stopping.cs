using Starling.Broker.Shards;

namespace Starling.Broker;

/// <summary>
/// A stop in two steps: first every shard refuses new clients and publishes the Wills, so that they reach those still connected on all shards;
/// then every shard ends its connections.
/// </summary>
internal sealed class Stopping(IReadOnlyList<Shard> shards)
{
    private readonly HashSet<int> _empty = [];
    private int _begun;
    private int _awaited;
    private volatile bool _isEnding;

    private Action? _stopped;

    public void Begin(Action stopped)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
        {
            return;
        }

        _stopped = stopped;
        Volatile.Write(ref _awaited, shards.Count);
        foreach (Shard shard in shards)
        {
            shard.Mail.PostFromOutside(() =>
            {
                shard.BeginStop();
                if (Interlocked.Decrement(ref _awaited) == 0)
                {
                    EndAll();
                }
            });
        }
    }

    /// <summary>A shard that stops looks whether its last connection is gone.</summary>
    public void ShardIsEmpty(Shard shard)
    {
        if (!_isEnding || shard.Connections.Count > 0)
        {
            return;
        }

        lock (_empty)
        {
            if (_empty.Add(shard.Index) && _empty.Count == shards.Count)
            {
                _stopped?.Invoke();
            }
        }
    }

    private void EndAll()
    {
        _isEnding = true;
        foreach (Shard shard in shards)
        {
            shard.Mail.PostFromOutside(shard.EndConnections);
        }
    }
}
