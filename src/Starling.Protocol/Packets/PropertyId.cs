namespace Starling.Protocol.Packets;

/// <summary>The properties of MQTT 5.0, by their identifier on the wire.</summary>
public enum PropertyId : byte
{
    /// <summary>No property.</summary>
    None = 0x00,

    /// <summary>Byte: 1 when the payload is UTF-8 text.</summary>
    PayloadFormatIndicator = 0x01,

    /// <summary>Four bytes: seconds.</summary>
    MessageExpiryInterval = 0x02,

    /// <summary>Text.</summary>
    ContentType = 0x03,

    /// <summary>Text: a Topic Name.</summary>
    ResponseTopic = 0x08,

    /// <summary>Binary.</summary>
    CorrelationData = 0x09,

    /// <summary>Variable byte integer: 1 to 268435455.</summary>
    SubscriptionIdentifier = 0x0B,

    /// <summary>Four bytes: seconds; 0xFFFFFFFF is for ever.</summary>
    SessionExpiryInterval = 0x11,

    /// <summary>Text.</summary>
    AssignedClientIdentifier = 0x12,

    /// <summary>Two bytes: seconds.</summary>
    ServerKeepAlive = 0x13,

    /// <summary>Text.</summary>
    AuthenticationMethod = 0x15,

    /// <summary>Binary.</summary>
    AuthenticationData = 0x16,

    /// <summary>Byte: 0 or 1.</summary>
    RequestProblemInformation = 0x17,

    /// <summary>Four bytes: seconds.</summary>
    WillDelayInterval = 0x18,

    /// <summary>Byte: 0 or 1.</summary>
    RequestResponseInformation = 0x19,

    /// <summary>Text.</summary>
    ResponseInformation = 0x1A,

    /// <summary>Text.</summary>
    ServerReference = 0x1C,

    /// <summary>Text.</summary>
    ReasonString = 0x1F,

    /// <summary>Two bytes: not 0.</summary>
    ReceiveMaximum = 0x21,

    /// <summary>Two bytes.</summary>
    TopicAliasMaximum = 0x22,

    /// <summary>Two bytes: not 0.</summary>
    TopicAlias = 0x23,

    /// <summary>Byte: 0 or 1.</summary>
    MaximumQos = 0x24,

    /// <summary>Byte: 0 or 1.</summary>
    RetainAvailable = 0x25,

    /// <summary>Two texts; may repeat in every packet.</summary>
    UserProperty = 0x26,

    /// <summary>Four bytes: not 0.</summary>
    MaximumPacketSize = 0x27,

    /// <summary>Byte: 0 or 1.</summary>
    WildcardSubscriptionAvailable = 0x28,

    /// <summary>Byte: 0 or 1.</summary>
    SubscriptionIdentifiersAvailable = 0x29,

    /// <summary>Byte: 0 or 1.</summary>
    SharedSubscriptionAvailable = 0x2A,
}
