namespace Starling.Protocol.Connections;

/// <summary>How far the exchange of an outgoing QoS 1 or QoS 2 message is.</summary>
internal enum OutgoingState : byte
{
    /// <summary>Never sent, or its session is gone; it has no Packet Identifier.</summary>
    Waiting,

    /// <summary>PUBLISH was sent; PUBACK or PUBREC is due.</summary>
    Published,

    /// <summary>PUBREC came; PUBCOMP is due.</summary>
    Released,
}
