namespace Starling.Broker.Ports;

/// <summary>One shard's access to the store; used by the shard's thread.</summary>
public interface IShardStore
{
    /// <summary>The log sequence number up to which this shard's records are stored.</summary>
    ulong CommittedLsn { get; }

    /// <summary>
    /// Appends one record, wholly or not at all. False: there is no room now; nothing was appended, and publishers are held back.
    /// </summary>
    /// <param name="record">Valid during the call only.</param>
    /// <param name="lsn">The record is stored when <see cref="CommittedLsn"/> has reached this.</param>
    bool TryAppend(scoped in StoreRecord record, out ulong lsn);
}
