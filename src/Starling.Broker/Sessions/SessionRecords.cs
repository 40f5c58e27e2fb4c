using Starling.Broker.Publishing;

namespace Starling.Broker.Sessions;

/// <summary>What a session has to remember of records that are under way, or known to the store. Most sessions never need it.</summary>
internal sealed class SessionRecords
{
    /// <summary>The records of this client's messages that wait for the answers of other shards, in order of arrival.</summary>
    public Queue<Gather>? Gathers { get; set; }

    /// <summary>
    /// Sequence numbers of deliveries whose record another shard is still to append, each with whether it is finished already.
    /// </summary>
    public Dictionary<ulong, bool>? Unrecorded { get; set; }

    /// <summary>Deliveries below this are known to the store as sent, by a record of this number.</summary>
    public ulong SentRecordedBelow { get; set; }

    public ulong SentLsn { get; set; }

    /// <summary>Stored Wills that are being published and whose records are still to be appended; then what waits for them runs.</summary>
    public int WillsUnderWay { get; set; }

    public Action? WhenWillsAreRecorded { get; set; }
}
