namespace Starling.Broker.Sessions;

/// <summary>How far a delivery is.</summary>
internal enum OutboxState : byte
{
    /// <summary>Finished or dropped: a hole in the sequence.</summary>
    Done,

    /// <summary>Never sent.</summary>
    Queued,

    /// <summary>Sent; PUBACK or PUBREC has not arrived.</summary>
    Sent,

    /// <summary>PUBREC has arrived, PUBCOMP has not; the body is gone.</summary>
    Released,
}
