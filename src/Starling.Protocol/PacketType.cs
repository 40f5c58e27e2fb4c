namespace Starling.Protocol;

/// <summary>The control packets, by the number in the high nibble of their first byte.</summary>
public enum PacketType : byte
{
    /// <summary>Reserved; receiving it is malformed [U5-01].</summary>
    None = 0,

    /// <summary>Client asks for a connection.</summary>
    Connect = 1,

    /// <summary>Server answers CONNECT.</summary>
    ConnAck = 2,

    /// <summary>A message.</summary>
    Publish = 3,

    /// <summary>Answers a QoS 1 PUBLISH.</summary>
    PubAck = 4,

    /// <summary>First answer to a QoS 2 PUBLISH.</summary>
    PubRec = 5,

    /// <summary>Releases the Packet Identifier of a QoS 2 PUBLISH.</summary>
    PubRel = 6,

    /// <summary>Last answer of QoS 2.</summary>
    PubComp = 7,

    /// <summary>Client asks for subscriptions.</summary>
    Subscribe = 8,

    /// <summary>Server answers SUBSCRIBE.</summary>
    SubAck = 9,

    /// <summary>Client ends subscriptions.</summary>
    Unsubscribe = 10,

    /// <summary>Server answers UNSUBSCRIBE.</summary>
    UnsubAck = 11,

    /// <summary>Client shows that it lives.</summary>
    PingReq = 12,

    /// <summary>Server answers PINGREQ.</summary>
    PingResp = 13,

    /// <summary>The last packet of a connection; from the server in 5.0 only.</summary>
    Disconnect = 14,

    /// <summary>Enhanced authentication, 5.0 only.</summary>
    Auth = 15,
}
