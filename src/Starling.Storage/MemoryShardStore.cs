using Starling.Broker.Ports;

namespace Starling.Storage;

/// <summary>Counts the records of one shard; each is committed when it is appended.</summary>
internal sealed class MemoryShardStore : IShardStore
{
    public ulong CommittedLsn { get; private set; }

    public bool IsFull => false;

    public ulong Append(scoped in StoreRecord record) => ++CommittedLsn;

    public void Read(ulong session, ReadOnlySpan<ulong> sequences) =>
        throw new InvalidOperationException("A store in memory keeps no messages: the broker's own memory has them.");
}
