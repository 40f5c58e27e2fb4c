namespace Starling.Broker.Ports;

/// <summary>Where the state of persistent sessions and retained messages is kept.</summary>
public interface IDurableStore
{
    /// <summary>
    /// Opens the store for one shard. <paramref name="committed"/> takes the highest log sequence number up to which this shard's records
    /// are stored, from any thread, each time it grows after an append that was not committed at once.
    /// </summary>
    IShardStore Open(int shard, ICompletion<ulong> committed);
}
