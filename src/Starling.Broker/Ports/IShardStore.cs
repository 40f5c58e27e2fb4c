namespace Starling.Broker.Ports;

/// <summary>One shard's access to the store; used by the shard's thread.</summary>
public interface IShardStore
{
    /// <summary>The number of the last record of this shard up to which all are stored. Read by the shard's thread, written by any.</summary>
    ulong CommittedLsn { get; }

    /// <summary>
    /// Whether publishers must be held back: what was appended does not fit yet, the disk is nearly full, or the store has failed. Records
    /// are taken all the same; a store that keeps it up for long lets nothing in but what gives room.
    /// </summary>
    bool IsFull { get; }

    /// <summary>
    /// Appends one record, wholly or not at all, behind all earlier ones of this shard. Never refuses and never waits.
    /// </summary>
    /// <param name="record">Valid during the call only.</param>
    /// <returns>Its number among the records of this shard: 1, 2, 3, … It is stored when <see cref="CommittedLsn"/> has reached it.</returns>
    ulong Append(scoped in StoreRecord record);

    /// <summary>
    /// Asks for the messages of deliveries whose records are stored; the answer comes to <see cref="IShardStoreEvents.MessagesRead"/>, in
    /// one piece. Never waits.
    /// </summary>
    /// <param name="session">The session number.</param>
    /// <param name="sequences">The deliveries, in rising order; copied.</param>
    void Read(ulong session, ReadOnlySpan<ulong> sequences);
}
