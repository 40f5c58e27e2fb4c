namespace Starling.Broker.Connections;

/// <summary>
/// What an answer waits for: a log sequence number, or one that is not known yet because other shards reserve first. The default value waits for nothing.
/// </summary>
internal readonly struct Ticket
{
    private readonly ulong _lsn;
    private readonly LateTicket? _late;

    public Ticket(ulong lsn) => _lsn = lsn;

    public Ticket(LateTicket late) => _late = late;

    /// <summary>Whether there is no record.</summary>
    public bool IsNone => Lsn == 0;

    public ulong Lsn => _late?.Lsn ?? _lsn;
}
