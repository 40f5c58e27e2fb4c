namespace Starling.Protocol;

/// <summary>The Reason Codes of MQTT 5.0; below 0x80 is success.</summary>
public enum ReasonCode : byte
{
    /// <summary>0x00: Success, normal disconnection, or granted QoS 0.</summary>
    Success = 0x00,

    /// <summary>0x01: The subscription is granted with maximum QoS 1.</summary>
    GrantedQoS1 = 0x01,

    /// <summary>0x02: The subscription is granted with maximum QoS 2.</summary>
    GrantedQoS2 = 0x02,

    /// <summary>0x04: The client ends the connection and wants its Will published.</summary>
    DisconnectWithWill = 0x04,

    /// <summary>0x10: The message was taken, and nobody is subscribed.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>0x11: There was nothing to unsubscribe from.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>0x18: The exchange goes on.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>0x19: The client begins a re-authentication.</summary>
    ReAuthenticate = 0x19,

    /// <summary>0x80: The sender does not say why.</summary>
    UnspecifiedError = 0x80,

    /// <summary>0x81: The packet breaks the format.</summary>
    MalformedPacket = 0x81,

    /// <summary>0x82: The packet breaks a rule of the protocol.</summary>
    ProtocolError = 0x82,

    /// <summary>0x83: Well formed, and refused by this receiver.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>0x84: The server does not speak this version.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>0x85: The Client Identifier is refused.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>0x86: The user name or password is wrong.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>0x87: The client may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>0x88: The server cannot be used now.</summary>
    ServerUnavailable = 0x88,

    /// <summary>0x89: The server is busy; try later.</summary>
    ServerBusy = 0x89,

    /// <summary>0x8A: The client is banned by administrative action.</summary>
    Banned = 0x8A,

    /// <summary>0x8B: The server stops.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>0x8C: The method is not supported, or not the one in use.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>0x8D: Nothing arrived for one and a half Keep Alive periods.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>0x8E: Another connection uses this Client Identifier now.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>0x8F: The Topic Filter is correctly formed but not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>0x90: The Topic Name is correctly formed but not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>0x91: The Packet Identifier is in use already.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>0x92: The Packet Identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>0x93: More open QoS 1 and QoS 2 messages than Receive Maximum allows.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>0x94: The Topic Alias is zero or above the maximum.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>0x95: The packet is larger than Maximum Packet Size.</summary>
    PacketTooLarge = 0x95,

    /// <summary>0x96: Too many messages in a time.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>0x97: A limit set by implementation or administration is reached.</summary>
    QuotaExceeded = 0x97,

    /// <summary>0x98: An administrator ended the connection.</summary>
    AdministrativeAction = 0x98,

    /// <summary>0x99: The payload is not of the indicated format.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>0x9A: The server does not support retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>0x9B: The QoS is above the server's Maximum QoS.</summary>
    QoSNotSupported = 0x9B,

    /// <summary>0x9C: Use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>0x9D: The server has moved for good.</summary>
    ServerMoved = 0x9D,

    /// <summary>0x9E: The server does not support Shared Subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>0x9F: Too many connections in a time.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>0xA0: The time allowed for this connection is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>0xA1: The server does not support Subscription Identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>0xA2: The server does not support Wildcard Subscriptions.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
