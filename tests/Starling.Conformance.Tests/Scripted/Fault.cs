namespace Starling.Conformance.Tests.Scripted;

/// <summary>What a scripted server does wrong; one thing at a time. The comment of each says what.</summary>
internal enum Fault
{
    None, // nothing: the suite must find nothing

    // 1.5: data types
    SurrogatesTolerated, // takes UTF-16 surrogates in texts
    OverlongTolerated, // takes overlong UTF-8 in texts
    NullCharacterTolerated, // takes U+0000 in texts
    IllFormedClientIdentifierTolerated, // takes any bytes as Client Identifier
    IllFormedWillTopicTolerated, // takes any bytes as Will Topic
    IllFormedUserNameTolerated, // takes any bytes as User Name
    IllFormedTopicNameTolerated, // takes any bytes as Topic Name of PUBLISH
    IllFormedSubscribeFilterTolerated, // takes any bytes as Topic Filter of SUBSCRIBE
    IllFormedUnsubscribeFilterTolerated, // takes any bytes as Topic Filter of UNSUBSCRIBE
    IllFormedUserPropertyNameTolerated, // takes any bytes as the name of a User Property
    IllFormedUserPropertyValueTolerated, // takes any bytes as the value of a User Property
    IllFormedResponseTopicTolerated, // takes any bytes as Response Topic
    IllFormedContentTypeTolerated, // takes any bytes as Content Type
    IllFormedAuthenticationMethodTolerated, // takes any bytes as Authentication Method
    IllFormedReasonStringTolerated, // takes any bytes as Reason String
    ByteOrderMarkDropped, // takes U+FEFF out of texts
    LongNumbersTolerated, // takes variable byte integers with leading zeroes
    LongNumbersSent, // writes the Remaining Length in more bytes than it needs

    // 2: the format of packets
    PingReqFlagsTolerated, // takes any flags in PINGREQ
    PingRespFlagsWrong, // sends PINGRESP with a flag
    ConnectFlagsTolerated, // takes any flags in CONNECT
    PubAckFlagsTolerated, // takes any flags in PUBACK
    PubRecFlagsTolerated, // takes any flags in PUBREC
    PubCompFlagsTolerated, // takes any flags in PUBCOMP
    PublishIdentifierZeroTolerated, // takes Packet Identifier 0 in PUBLISH
    SubscribeIdentifierZeroTolerated, // takes Packet Identifier 0 in SUBSCRIBE
    UnsubscribeIdentifierZeroTolerated, // takes Packet Identifier 0 in UNSUBSCRIBE
    IdentifierZeroSent, // sends every PUBLISH with Packet Identifier 0
    IdentifierAlwaysOne, // sends every PUBLISH with Packet Identifier 1
    OpenIdentifierTakenAgain, // counts Packet Identifiers round without looking which are open
    IdentifierSentAtQos0, // sends a Packet Identifier in PUBLISH of QoS 0
    EmptyPropertiesUnwritten, // leaves the Property Length out of SUBACK and UNSUBACK
    UnknownPropertyTolerated, // passes over properties that do not exist
    MisplacedPropertyTolerated, // passes over properties that do not belong into the packet
    RepeatedPropertyTolerated, // takes properties twice
    PropertyLengthOverrunTolerated, // takes a Property Length that goes over the end of the packet
    PayloadFormatTwoTolerated, // takes Payload Format Indicator 2
    PacketType0Tolerated, // passes over packets of type 0
    PacketType15Tolerated, // passes over packets of type 15 in 3.x
    PacketOfServerTolerated, // passes over packets that only a server may send
    FifthLengthByteTolerated, // reads on after four bytes of Remaining Length
    BytesInPingTolerated, // takes bytes behind the last field of PINGREQ
    BytesBehindConnectTolerated, // takes bytes behind the last field of CONNECT
    BytesBehindAcknowledgementTolerated, // takes bytes behind the last field of PUBACK, PUBREC, PUBREL and PUBCOMP
    BytesBehindDisconnectTolerated, // takes bytes behind the last field of DISCONNECT
    BytesBehindAuthTolerated, // takes bytes behind the last field of AUTH

    // 3.1: CONNECT
    PacketBeforeConnectTolerated, // passes over packets before CONNECT
    SilentConnectionKept, // keeps a connection on which no CONNECT comes
    SecondConnectTolerated, // passes over a second CONNECT
    ProtocolNameUnchecked, // takes every Protocol Name for MQTT
    ProtocolNameOfOtherVersionTolerated, // takes the name MQTT at level 3
    ProtocolVersionUnchecked, // serves unknown versions as 3.1.1
    UnknownVersionRefusedSilently, // closes on an unknown version without a CONNACK
    ConnectReservedFlagTolerated, // takes bit 0 of the Connect Flags
    WillQosWithoutWillTolerated, // takes a Will QoS without a Will
    WillRetainWithoutWillTolerated, // takes Will Retain without a Will
    WillQos3Tolerated, // takes Will QoS 3
    WillTopicUnchecked, // takes a Will Topic with wildcards
    PasswordWithoutUserNameTolerated, // takes a password without a user name in 3.x
    PasswordAloneRefused, // refuses a password without a user name in 5.0
    MissingClientIdentifierTolerated, // takes a CONNECT that ends before the Client Identifier
    MissingWillTolerated, // takes a CONNECT that ends before its Will
    MissingUserNameTolerated, // takes a CONNECT that ends before its User Name
    MissingPasswordTolerated, // takes a CONNECT that ends before its Password
    MissingLoginRefused, // refuses what 3.1 lets old clients leave out
    RepeatedRequestRefused, // refuses DUP in SUBSCRIBE, UNSUBSCRIBE and PUBREL of 3.1
    AuthenticationDataAloneTolerated, // takes Authentication Data without a method
    ReceiveMaximumZeroTolerated, // takes Receive Maximum 0
    MaximumPacketSizeZeroTolerated, // takes Maximum Packet Size 0
    RequestFlagTwoTolerated, // takes 2 where only 0 and 1 are requests
    FormatErrorAnswered, // answers a malformed CONNECT of 3.x
    EmptyIdentifierRefused, // refuses an empty Client Identifier in 5.0
    EmptyIdentifierKept, // takes an empty Client Identifier without Clean Session in 3.1.1
    EmptyIdentifierOf31Accepted, // takes an empty Client Identifier in 3.1
    AssignedIdentifierRepeated, // gives every client without a Client Identifier the same one
    AssignedIdentifierUntold, // does not tell the Client Identifier that it assigned
    IdentifierRefusedWithOtherCode, // refuses a Client Identifier with return code 5
    LongClientIdentifierRefused, // refuses Client Identifiers of 23 characters
    IdentifierCutToEight, // tells Client Identifiers apart by eight characters
    RefusedIdentifierAccepted, // lets in a Client Identifier that is to be refused
    RefusedUserAccepted, // lets in a user who is to be refused
    CleanStartIgnored, // continues a session in spite of Clean Start
    SessionsForgotten, // never continues a session
    SessionsEndWithConnection, // ends every session with its connection
    SessionsNeverExpire, // keeps sessions beyond their Session Expiry Interval
    SessionOfZeroKept, // keeps sessions that should end with their connection
    SessionOfMaximumExpires, // ends sessions that never expire with their connection
    QueueLostAtDisconnect, // forgets what waits for a client when its connection ends
    KeepAliveIgnored, // never closes a silent connection
    KeepAliveOfOneSecondIgnored, // takes a Keep Alive of one second for none
    KeepAliveWithoutGrace, // closes after half the Keep Alive
    KeepAliveDoubled, // closes after four times the Keep Alive
    KeepAliveZeroEnforced, // closes silent connections that have no Keep Alive
    ServerKeepAliveUnannounced, // uses a Keep Alive of its own without telling
    WillForgotten, // publishes no Will
    WillPublishedAtDisconnect, // publishes the Will after a normal DISCONNECT
    WillDroppedAtEveryDisconnect, // drops the Will at DISCONNECT with any reason
    WillKept, // publishes a Will again at the end of the next connection
    WillAtQos0, // publishes every Will at QoS 0
    WillRetainIgnored, // never retains a Will
    WillAlwaysRetained, // always retains a Will
    WillDelayIgnored, // publishes every Will at once
    WillDelayOutlivesSession, // lets a Will wait beyond the end of the session
    WillDelayOutlivesReconnect, // publishes a delayed Will though the client is back
    WillPropertiesLost, // publishes a Will without its properties
    WillUserPropertiesReversed, // turns the order of the User Properties of a Will round
    TakeoverKeepsOld, // keeps the old connection when the client connects again
    TakeoverUnexplained, // closes a connection that is taken over without DISCONNECT
    TakeoverDropsWill, // drops the Will of a connection that is taken over
    TakeoverPublishesDelayedWill, // publishes a delayed Will when the connection is taken over
    CleanStartDropsWill, // drops a delayed Will when Clean Start ends its session
    MaximumPacketSizeIgnored, // sends messages larger than the client allows
    OversizeLeaksSlot, // loses a place of the window for each message that is too large
    TopicAliasUnasked, // uses Topic Aliases that the client did not allow
    TopicAliasAboveMaximumSent, // uses a Topic Alias above the client's maximum
    ResponseInformationUnasked, // sends Response Information that was not asked for
    ExplainedUnasked, // sends Reason Strings in spite of Request Problem Information 0

    // 3.2: CONNACK
    ConnAckLate, // sends waiting messages before CONNACK
    SecondConnAckSent, // answers re-authentication with CONNACK
    ConnAckReservedFlagSent, // sets bit 1 of the flags of CONNACK
    ConnAckCodeUnknown, // refuses with a code that CONNACK has not
    ConnAckExplainedOverSize, // explains itself in CONNACK beyond the client's Maximum Packet Size
    SessionPresentNever, // never sets Session Present
    SessionPresentAlways, // sets Session Present though there was no session
    SessionPresentAtCleanStart, // sets Session Present after Clean Start
    SessionPresentOnRefusal, // sets Session Present in a CONNACK that refuses
    SessionPresentIn31, // sets Session Present in 3.1
    RefusedConnectionKept, // keeps a connection after it refused the CONNECT
    MaximumPacketSizeOfServerIgnored, // takes packets larger than it announced

    // 3.3: PUBLISH
    DuplicateCopied, // passes DUP on to subscribers
    DuplicateMissing, // redelivers without DUP
    DuplicateAtFirst, // delivers the first time with DUP
    DuplicateAtQos0, // delivers QoS 0 with DUP
    PublishQos3Tolerated, // takes QoS 3 for QoS 2
    RetainedNotReplaced, // keeps the first retained message of a topic
    RetainedOnlyOne, // sends one retained message only
    RetainedAtQos0, // sends retained messages at QoS 0
    RetainedLostWithSession, // forgets retained messages with the session of their publisher
    EmptyMessageRetained, // stores empty retained messages
    EmptyMessageClearsNothing, // does not delete a retained message by an empty one
    PlainMessageRetained, // stores messages without RETAIN
    PlainMessageClearsRetained, // deletes a retained message by one without RETAIN
    RetainHandling0OnlyNew, // sends retained messages for new subscriptions only
    RetainHandling1Always, // sends retained messages for repeated subscriptions with Retain Handling 1
    RetainHandling2Sends, // sends retained messages with Retain Handling 2
    RetainAsPublishedIgnored, // never keeps the RETAIN flag
    RetainFlagAlwaysForwarded, // always keeps the RETAIN flag
    RetainedWithoutFlag, // sends retained messages without RETAIN
    RetainedFlagAsPublished, // sends retained messages with RETAIN only with Retain As Published
    RetainedSentToShare, // sends retained messages to Shared Subscriptions
    RetainedWithoutSubscriptionIdentifier, // sends retained messages without the Subscription Identifier
    TopicWildcardsTolerated, // takes wildcards in Topic Names
    EmptyTopicTolerated, // takes an empty Topic Name without an alias
    DeniedPublishTaken, // delivers what may not be published
    PayloadFormatLost, // drops the Payload Format Indicator
    QueuedExpiryIgnored, // delivers waiting messages that have expired
    RetainedExpiryIgnored, // delivers retained messages that have expired
    ExpiryOfQueuedNotCounted, // sends the whole Message Expiry Interval with messages that waited
    ExpiryOfRetainedNotCounted, // sends the whole Message Expiry Interval with retained messages
    ExpiryOfWillNotCounted, // sends the whole Message Expiry Interval with a Will that waited
    TopicAliasesOutliveConnection, // keeps Topic Aliases for the next connection of the session
    TopicAliasZeroTolerated, // takes Topic Alias 0
    TopicAliasZeroSent, // sends Topic Alias 0
    TopicAliasAboveMaximumTolerated, // takes Topic Aliases above its maximum
    TopicAliasOfMaximumRefused, // refuses the greatest Topic Alias that it announced
    UnknownTopicAliasTolerated, // takes a Topic Alias that was never set
    TopicAliasNotRemapped, // does not set a Topic Alias anew
    ResponseTopicWildcardsTolerated, // takes wildcards in Response Topics
    ResponseTopicLost, // drops the Response Topic
    CorrelationDataLost, // drops the Correlation Data
    ContentTypeLost, // drops the Content Type
    UserPropertiesLost, // drops User Properties
    UserPropertiesReversed, // turns the order of User Properties round
    Qos0Answered, // answers QoS 0 with PUBACK
    AnswerOfOtherQos, // answers QoS 1 with PUBREC and QoS 2 with PUBACK
    OverlappingAtLowestQos, // delivers at the lowest QoS of overlapping subscriptions
    OverlappingWithOneIdentifier, // sends one copy with the identifier of one of the subscriptions
    OverlappingWithEveryIdentifier, // sends a copy for each subscription, each with all identifiers
    SubscriptionIdentifiersUnsent, // delivers without Subscription Identifiers
    SubscriptionIdentifierOfClientTolerated, // takes a Subscription Identifier in PUBLISH of a client
    ReceiveMaximumOfServerIgnored, // takes more open QoS 2 messages than it announced
    ReceiveMaximumOfClientIgnored, // sends more open messages than the client allows
    FullWindowHoldsUpOthers, // holds QoS 0 back while the window is full

    // 3.4 to 3.7: PUBACK, PUBREC, PUBREL, PUBCOMP
    PubAckIdentifierWrong, // sends PUBACK with another Packet Identifier
    PubAckCodeUnknown, // sends PUBACK with a code that it has not
    PubAckExplainedOverSize, // explains itself in PUBACK beyond the client's Maximum Packet Size
    PubRecIdentifierWrong, // sends PUBREC with another Packet Identifier
    PubRecCodeUnknown, // sends PUBREC with a code that it has not
    PubRecExplainedOverSize, // explains itself in PUBREC beyond the client's Maximum Packet Size
    PubRelFlagsTolerated, // takes any flags in PUBREL
    PubRelFlagsWrong, // sends PUBREL with flags 0
    PubRelIdentifierWrong, // sends PUBREL with another Packet Identifier
    PubRelCodeUnknown, // sends PUBREL with a code that it has not
    PubRelExplainedOverSize, // explains itself in PUBREL beyond the client's Maximum Packet Size
    PubCompIdentifierWrong, // sends PUBCOMP with another Packet Identifier
    PubCompCodeUnknown, // sends PUBCOMP with a code that it has not
    PubCompExplainedOverSize, // explains itself in PUBCOMP beyond the client's Maximum Packet Size
    ShortAcknowledgementRefused, // refuses acknowledgements that end with their code
    AcknowledgementCodeUnchecked, // takes any code in acknowledgements

    // 3.8 and 3.9: SUBSCRIBE and SUBACK
    SubscribeFlagsTolerated, // takes any flags in SUBSCRIBE
    EmptySubscribeTolerated, // takes a SUBSCRIBE without filters
    SubscribeReservedBitsTolerated, // takes reserved bits in the options of a subscription
    SubscribeQos3Tolerated, // takes QoS 3 in the options of a subscription
    RetainHandling3Tolerated, // takes Retain Handling 3
    SubscriptionIdentifierZeroTolerated, // takes Subscription Identifier 0
    NoLocalIgnored, // delivers to their publisher in spite of No Local
    SharedNoLocalTolerated, // takes No Local on Shared Subscriptions
    SubscribeUnanswered, // sends no SUBACK
    SubAckIdentifierWrong, // sends SUBACK with another Packet Identifier
    SubAckCodesReversed, // sends the codes of SUBACK in the opposite order
    SubAckCodesMissing, // sends one code in SUBACK only
    SubAckCodeUnknown, // sends SUBACK with a code that it has not
    SubAckExplainedOverSize, // explains itself in SUBACK beyond the client's Maximum Packet Size
    SubscribeFailureIn31, // sends the failure code of 3.1.1 in 3.1
    DeniedSubscribeGranted, // grants what may not be subscribed
    ResubscribeKeepsOptions, // keeps the old options when a filter is subscribed again
    ResubscribeDoubles, // keeps the old subscription beside the new one
    SubscriptionIdentifierKept, // keeps the Subscription Identifier when a filter is subscribed again without one
    DeliveredAsGranted, // delivers at the granted QoS
    DeliveredAsPublished, // delivers at the QoS of the publisher

    // 3.10 and 3.11: UNSUBSCRIBE and UNSUBACK
    UnsubscribeFlagsTolerated, // takes any flags in UNSUBSCRIBE
    EmptyUnsubscribeTolerated, // takes an UNSUBSCRIBE without filters
    UnsubscribeByMatch, // deletes every subscription that matches the filter
    UnsubscribeWithoutEffect, // answers and deletes nothing
    UnsubscribeDropsDeliveries, // drops deliveries that have begun
    UnsubscribeUnanswered, // sends no UNSUBACK
    UnknownUnsubscribeUnanswered, // sends no UNSUBACK when nothing was deleted
    UnknownUnsubscribeSucceeds, // answers with success when nothing was deleted
    UnsubAckIdentifierWrong, // sends UNSUBACK with another Packet Identifier
    UnsubAckCodesReversed, // sends the codes of UNSUBACK in the opposite order
    UnsubAckCodesMissing, // sends one code in UNSUBACK only
    UnsubAckCodeUnknown, // sends UNSUBACK with a code that it has not
    UnsubAckExplainedOverSize, // explains itself in UNSUBACK beyond the client's Maximum Packet Size

    // 3.12 to 3.15: PINGREQ, DISCONNECT, AUTH
    PingUnanswered, // sends no PINGRESP
    DisconnectBeforeConnAck, // refuses with DISCONNECT
    DisconnectFlagsTolerated, // takes any flags in DISCONNECT
    DisconnectCodeUnchecked, // takes any code in DISCONNECT
    DisconnectCodeUnknown, // sends DISCONNECT with a code that it has not
    DisconnectExplainedOverSize, // explains itself in DISCONNECT beyond the client's Maximum Packet Size
    SessionExpiryInDisconnect, // sends a Session Expiry Interval in DISCONNECT
    SessionExpiryAtDisconnectIgnored, // ignores a new Session Expiry Interval in DISCONNECT
    SessionExpiryFromZeroTolerated, // lets DISCONNECT keep a session that was to end
    PacketBehindDisconnectSent, // sends PINGRESP behind its DISCONNECT
    PacketBehindDisconnectTaken, // handles what a client sends behind its DISCONNECT
    FailedConnectionKept, // keeps a connection after it sent DISCONNECT
    AuthFlagsTolerated, // takes any flags in AUTH
    AuthCodeUnchecked, // takes any code in AUTH
    AuthCodeUnknown, // sends AUTH with a code that it has not
    AuthExplainedOverSize, // explains itself in AUTH beyond the client's Maximum Packet Size

    // 4.3 and 4.4: the flows of QoS 1 and 2, and redelivery
    PubAckIgnored, // keeps a delivery open after PUBACK
    DuplicateQos1Dropped, // takes DUP at QoS 1 for a message that it has
    RepeatedQos2Delivered, // delivers a repeated QoS 2 message again
    PubRelKeepsIdentifier, // takes the Packet Identifier for open after PUBREL
    PubRelUnanswered, // sends no PUBCOMP
    PubRelUnsent, // sends no PUBREL
    PubRelAfterRejection, // sends PUBREL after a PUBREC that rejects
    PubRelNotRepeated, // does not send PUBREL again when the session is resumed
    PublishRepeatedAfterPubRec, // sends PUBLISH again after PUBREC
    BegunDeliveryExpires, // drops deliveries that have begun when their message expires
    UnknownPubRelEndsConnection, // closes on a PUBREL that it does not know
    UnknownPubRelAnsweredWithSuccess, // answers a PUBREL that it does not know with success
    UnknownPubRecEndsConnection, // closes on a PUBREC that it does not know
    UnknownPubRecAnsweredWithSuccess, // answers a PUBREC that it does not know with success
    RedeliveryMissing, // forgets what was open when the session is resumed
    RedeliveryReversed, // redelivers in the opposite order
    RedeliveryAfterNew, // begins what waited before it redelivers
    RedeliveryWithNewIdentifier, // redelivers with another Packet Identifier
    RedeliveryWithoutReconnect, // redelivers on the same connection after a second
    RejectedDeliveryRepeated, // redelivers what the client has rejected

    // 4.5 to 4.7: receipt, order, filters
    OfflineSessionLeftOut, // keeps nothing for clients that are away
    DeliveriesSwapped, // turns the order of two messages round
    PubAcksReversed, // sends PUBACKs in the opposite order
    PubRecsReversed, // sends PUBRECs in the opposite order
    MisplacedHashTolerated, // takes # anywhere in a filter
    MisplacedPlusTolerated, // takes + beside other characters
    EmptyFilterTolerated, // takes an empty filter
    WildcardMatchesDollar, // lets wildcards match topics that begin with $
    HashWithoutParent, // does not let a/# match a
    PlusNeedsCharacter, // does not let + match an empty level
    FilterMatchesBelow, // lets a filter match all topics below it
    LetterCaseIgnored, // matches without regard to letter case

    // 4.8 and 4.9: Shared Subscriptions and flow control
    ShareWithoutNameAccepted, // takes $share//filter
    ShareWithoutFilterAccepted, // takes $share/name
    ShareNameWildcardsAccepted, // takes wildcards in a ShareName
    ShareToEveryMember, // delivers to every member of a share
    SharesMerged, // takes shares of one filter for one, whatever their names
    ShareIgnoresGrantedQos, // delivers out of a share at the QoS of the publisher
    RejectedShareGoesToOther, // gives what a member rejected to another
    SharesPassedOnAtSessionEnd, // gives what a member did not finish to another when its session ends
    WindowOneTooSmall, // sends one message fewer than the client allows
    WindowFreedByPubRec, // takes a delivery for over when PUBREC has come

    // 4.12: enhanced authentication
    AnyMethodAccepted, // takes every Authentication Method for its own
    WrongProofAccepted, // lets clients in whatever they answer
    WrongProofOfReauthenticationAccepted, // takes any answer when a client authenticates again
    ChallengeCodeWrong, // challenges with the code for success
    AuthWithoutMethodSent, // sends AUTH without the method
    ConnAckMethodMissing, // sends CONNACK with another method
    MethodUnasked, // sends a method in CONNACK that the client did not name
    AuthWithoutMethodTolerated, // passes over AUTH of a client that named no method
    AuthMissingMethodTolerated, // takes AUTH without the method
    AuthMethodChangeTolerated, // takes AUTH with another method
    PacketWhileAuthenticatingTolerated, // passes over other packets while it waits for AUTH
}
