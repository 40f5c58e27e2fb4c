using Starling.Broker.Ports;

namespace Starling.Broker.Shards;

/// <summary>The answer of a port for a shard: taken on any thread, once, and handled on the shard's loop.</summary>
internal sealed class ShardCompletion<T>(Shard shard, Action<T> handle) : ICompletion<T>
{
    private int _isUsed;

    public void Complete(T result)
    {
        if (Interlocked.Exchange(ref _isUsed, 1) == 0)
        {
            shard.Mail.PostFromOutside(() => handle(result));
        }
    }
}
