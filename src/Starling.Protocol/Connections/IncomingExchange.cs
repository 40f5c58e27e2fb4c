namespace Starling.Protocol.Connections;

/// <summary>An incoming QoS 2 exchange; it lives from the delivery to PUBREL, across connections.</summary>
internal sealed class IncomingExchange
{
    /// <summary>The number in the token of the delivery.</summary>
    public long Number { get; private set; }

    /// <summary>The owner has acknowledged the delivery.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>What the owner said.</summary>
    public ReasonCode Reason { get; set; }

    /// <summary>The same for people, in UTF-8; empty for nothing.</summary>
    public ReadOnlyMemory<byte> ReasonString { get; set; }

    /// <summary>PUBREC was sent, on this or an earlier connection.</summary>
    public bool IsReceived { get; set; }

    /// <summary>The connection on which PUBLISH arrived last; PUBREC can go there only.</summary>
    public long Connection { get; set; }

    /// <summary>The place in that connection's order of PUBRECs.</summary>
    public long Place { get; set; }

    /// <summary>Begins anew with another delivery.</summary>
    public void Begin(long number)
    {
        Number = number;
        IsAcknowledged = false;
        Reason = ReasonCode.Success;
        ReasonString = default;
        IsReceived = false;
    }
}
