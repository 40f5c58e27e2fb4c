using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>
/// A store that keeps the records for the test and commits when it is told to, so that a test sees what waits for a commit. Until
/// <see cref="IsImmediate"/> is set to false it commits each record as it is appended.
/// </summary>
internal sealed class DelayedStore : IDurableStore
{
    private readonly List<DelayedShardStore> _shards = [];

    public bool IsImmediate { get; set; } = true;

    /// <summary>All records of all shards in the order in which they were appended.</summary>
    public List<StoredRecord> Records { get; } = [];

    public IShardStore Open(int shard, ICompletion<ulong> committed)
    {
        DelayedShardStore opened = new(this, committed);
        _shards.Add(opened);
        return opened;
    }

    public IEnumerable<StoredRecord> Of(StoreRecordKind kind) => Records.Where(record => record.Kind == kind);

    /// <summary>Commits everything appended so far.</summary>
    public void Commit()
    {
        foreach (DelayedShardStore shard in _shards)
        {
            shard.CommitTo(shard.AppendedLsn);
        }
    }

    /// <summary>Commits the next record of a shard.</summary>
    public void CommitOne(int shard = 0) => _shards[shard].CommitTo(Math.Min(_shards[shard].CommittedLsn + 1, _shards[shard].AppendedLsn));
}
