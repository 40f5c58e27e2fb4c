namespace Starling.Broker.Connections;

/// <summary>What an answer waits for: a log sequence number, or one that is not known yet because other shards reserve first.</summary>
internal sealed class Ticket(ulong lsn)
{
    /// <summary>The number not known yet.</summary>
    public const ulong Unknown = ulong.MaxValue;

    public ulong Lsn { get; set; } = lsn;
}
