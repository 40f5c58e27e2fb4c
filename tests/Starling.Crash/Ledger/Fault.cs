namespace Starling.Crash.Ledger;

/// <summary>What a broker can do wrong here.</summary>
internal enum Fault
{
    /// <summary>An acknowledged message did not come.</summary>
    Lost,

    /// <summary>A message of QoS 2 came twice.</summary>
    Doubled,

    /// <summary>A message came behind a later one of its publisher and topic.</summary>
    OutOfOrder,

    /// <summary>A retained message is older than the acknowledged one, or not there, or there though deleted.</summary>
    Retained,

    /// <summary>A session that was acknowledged is not there, or one that was ended is.</summary>
    Session,

    /// <summary>A will was not published, twice, or though it was cancelled.</summary>
    Will,

    /// <summary>A message came that was not asked for, or a packet that is wrong in itself.</summary>
    Stray,

    /// <summary>A request was refused, or its connection ended by the broker.</summary>
    Refused,

    /// <summary>Nothing moves any more, and something is missing.</summary>
    Stalled,

    /// <summary>The broker did not start, or ended by itself.</summary>
    Broker,
}
