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
    IllFormedReasonStringTolerated, // takes any bytes as Reason String
    ByteOrderMarkDropped, // takes U+FEFF out of texts
    LongNumbersTolerated, // takes variable byte integers with leading zeroes
    LongNumbersSent, // writes the Remaining Length of PUBACK in more bytes than it needs

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
    IdentifierZeroSent, // begins to count Packet Identifiers at 0
    IdentifierAlwaysOne, // sends every PUBLISH with Packet Identifier 1
    OpenIdentifierTakenAgain, // counts Packet Identifiers round without looking which are open
    IdentifierKeptAtQos0, // sends a Packet Identifier in PUBLISH of QoS 0 when the message was published at QoS 2
    EmptyPropertiesUnwritten, // leaves the Property Length out of PUBLISH without a payload
    UnknownPropertyTolerated, // passes over properties that do not exist
    MisplacedPropertyTolerated, // passes over properties that do not belong into the packet
    RepeatedPropertyTolerated, // takes properties twice
    PropertyLengthOverrunTolerated, // takes a Property Length that goes over the end of the packet
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
    PacketBehindConnectDropped, // drops what comes together with CONNECT behind it
    ProtocolNameUnchecked, // takes every Protocol Name for MQTT
    ProtocolNameOfOtherVersionTolerated, // takes the name MQTT at level 3
    ProtocolVersionUnchecked, // serves unknown versions as 5.0
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
    EmptyIdentifierKept, // takes an empty Client Identifier without Clean Session in 3.1.1
    EmptyIdentifierOf31Accepted, // takes an empty Client Identifier in 3.1
    AssignedIdentifierRepeated, // gives every client without a Client Identifier the same one
    AssignedIdentifierUntold, // does not tell the Client Identifier that it assigned
    IdentifierRefusedWithOtherCode, // refuses a Client Identifier with return code 5
    LongClientIdentifierRefused, // refuses Client Identifiers of 23 characters
    CleanStartIgnored, // continues a session in spite of Clean Start
    FurtherSubscriptionsForgotten, // keeps only the first subscription of a session when its connection ends
    SessionExpiryHalved, // ends sessions after half of their Session Expiry Interval
    SessionsNeverExpire, // keeps sessions beyond their Session Expiry Interval
    SessionOfZeroKept, // keeps sessions that should end with their connection
    SessionOfMaximumExpires, // ends sessions of 5.0 that never expire with their connection
    SessionOf311Expires, // ends sessions of 3.x half a second after their connection
    WaitingLostAtDisconnect, // forgets messages that wait for a place in the window when the connection ends
    KeepAliveIgnored, // never closes a silent connection
    KeepAliveOfOneSecondIgnored, // takes a Keep Alive of one second for none
    KeepAliveWithoutGrace, // closes after half the Keep Alive
    KeepAliveDoubled, // closes after four times the Keep Alive
    KeepAliveZeroEnforced, // closes connections that have no Keep Alive after five silent seconds
    ServerKeepAliveUnannounced, // uses a Keep Alive of its own without telling
    WillWithKeepAliveForgotten, // publishes no Will of a connection with a Keep Alive
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
    TopicAliasUnasked, // sends Topic Aliases that the client did not allow
    TopicAliasAboveMaximumSent, // uses a Topic Alias above the client's maximum
    ResponseInformationUnasked, // sends Response Information that was not asked for
    ExplainedUnasked, // sends Reason Strings in spite of Request Problem Information 0

    // 3.2: CONNACK
    PubRelBeforeConnAck, // sends open PUBRELs before CONNACK
    SecondConnAckSent, // answers re-authentication with CONNACK
    ConnAckReservedFlagSent, // sets bit 1 of the flags of CONNACK
    ConnAckCodeUnknown, // refuses a user with a code that CONNACK has not
    ConnAckExplainedOverSize, // explains itself in CONNACK beyond the client's Maximum Packet Size
    SessionWithoutSubscriptionsUntold, // does not set Session Present for a session without subscriptions
    SessionPresentAlways, // sets Session Present though there was no session
    SessionPresentAtCleanStart, // sets Session Present after Clean Start
    SessionPresentOnRefusal, // sets Session Present in a CONNACK that refuses
    SessionPresentIn31, // sets Session Present in 3.1
    RefusedConnectionKept, // keeps the connection of a user that it refused
    RefusedIdentifierKept, // keeps the connection of a Client Identifier that it refused
    Qos2TakenUnannounced, // takes QoS 2 though it announces QoS 1
    RetainTakenUnannounced, // takes retained messages though it announces none
    WildcardsTakenUnannounced, // grants wildcards though it announces none
    SharesTakenUnannounced, // grants Shared Subscriptions though it announces none
    SubscriptionIdentifiersTakenUnannounced, // takes Subscription Identifiers though it announces none
    TopicAliasesTakenUnannounced, // takes Topic Aliases though it announces none
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
    DeniedPublishDelivered, // refuses what may not be published, and delivers it
    DeniedPublishUnanswered, // does not answer in 3.x what may not be published
    PayloadFormatLost, // drops the Payload Format Indicator
    QueuedExpiryIgnored, // delivers waiting messages that have expired
    RetainedExpiryIgnored, // delivers retained messages that have expired
    ExpiryOfQueuedNotCounted, // sends the whole Message Expiry Interval with messages that waited
    ExpiryOfRetainedNotCounted, // sends the whole Message Expiry Interval with retained messages
    ExpiryOfWillNotCounted, // sends the whole Message Expiry Interval with a Will that waited
    TopicAliasesOutliveConnection, // keeps Topic Aliases for the next connection of the session
    TopicAliasZeroTolerated, // takes Topic Alias 0
    TopicAliasZeroSent, // sends Topic Alias 0 in place of another
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
    UnwantedQos0Answered, // answers QoS 0 with PUBACK when nobody is subscribed
    OverlappingAtLowestQos, // delivers at the lowest QoS of overlapping subscriptions
    OverlappingWithOneIdentifier, // sends one copy with the identifier of one of the subscriptions
    OverlappingWithEveryIdentifier, // sends a copy for each subscription, each with all identifiers
    SubscriptionIdentifiersUnsent, // delivers without Subscription Identifiers
    SubscriptionIdentifierOfClientTolerated, // takes a Subscription Identifier in PUBLISH of a client
    ReceiveMaximumOfServerIgnored, // takes more open QoS 2 messages than it announced
    ReceiveMaximumOfClientIgnored, // sends more open messages than the client allows
    FullWindowHoldsUpOthers, // answers no PINGREQ while the window is full

    // 3.4 to 3.7: PUBACK, PUBREC, PUBREL, PUBCOMP
    PubAckIdentifierCut, // sends PUBACK with the low byte of the Packet Identifier only
    PubAckCodeUnknown, // sends PUBACK with a code that it has not
    PubAckExplainedOverSize, // explains itself in PUBACK beyond the client's Maximum Packet Size
    PubRecIdentifierCut, // sends PUBREC with the low byte of the Packet Identifier only
    PubRecCodeUnknown, // sends PUBREC with a code that it has not
    PubRecExplainedOverSize, // explains itself in PUBREC beyond the client's Maximum Packet Size
    PubRelFlagsTolerated, // takes any flags in PUBREL
    PubRelFlagsWrong, // sends PUBREL with flags 0
    PubRelIdentifierOfOldest, // sends PUBREL with the Packet Identifier of the oldest delivery
    PubRelCodeUnknown, // sends PUBREL with a code that it has not
    PubRelExplainedOverSize, // explains itself in PUBREL beyond the client's Maximum Packet Size
    PubCompIdentifierCut, // sends PUBCOMP with the low byte of the Packet Identifier only
    PubCompCodeUnknown, // sends PUBCOMP with a code that it has not
    PubCompExplainedOverSize, // explains itself in PUBCOMP beyond the client's Maximum Packet Size
    ShortAcknowledgementRefused, // refuses acknowledgements that end with their code

    // 3.8 and 3.9: SUBSCRIBE and SUBACK
    SubscribeFlagsTolerated, // takes any flags in SUBSCRIBE
    EmptySubscribeTolerated, // takes a SUBSCRIBE without filters
    SubscribeReservedBitsTolerated, // takes reserved bits in the options of a subscription
    SubscribeQos3Tolerated, // takes QoS 3 in the options of a subscription
    RetainHandling3Tolerated, // takes Retain Handling 3
    SubscriptionIdentifierZeroTolerated, // takes Subscription Identifier 0
    NoLocalIgnored, // delivers to their publisher in spite of No Local
    SharedNoLocalTolerated, // takes No Local on Shared Subscriptions
    RepeatedSubscribeUnanswered, // sends no SUBACK when every filter was subscribed before
    SubAckIdentifierCut, // sends SUBACK with the low byte of the Packet Identifier only
    SubAckCodesReversed, // sends the codes of SUBACK in the opposite order
    SubAckCodeMissing, // leaves out the last of three different codes or more in SUBACK
    SubAckCodeUnknown, // refuses filters with a code that SUBACK has not
    SubAckForEachFilter, // sends a SUBACK for each filter when there are three different codes or more
    SubAckExplainedOverSize, // explains itself in SUBACK beyond the client's Maximum Packet Size
    SubscribeFailureIn31, // sends the failure code of 3.1.1 in 3.1
    ResubscribeKeepsOptions, // keeps the old options when a filter is subscribed again
    ResubscribeDoubles, // keeps the old subscription beside the new one
    SubscriptionIdentifierKept, // keeps the Subscription Identifier when a filter is subscribed again without one
    SubscriptionIdentifierOutlivesUnsubscribe, // gives a filter that is subscribed anew its former Subscription Identifier
    DeliveredAsGranted, // delivers at the granted QoS
    DeliveredAsPublished, // delivers at the QoS of the publisher

    // 3.10 and 3.11: UNSUBSCRIBE and UNSUBACK
    UnsubscribeFlagsTolerated, // takes any flags in UNSUBSCRIBE
    EmptyUnsubscribeTolerated, // takes an UNSUBSCRIBE without filters
    UnsubscribeByMatch, // deletes every subscription that matches the filter
    UnsubscribeWithoutEffect, // answers and deletes nothing
    UnsubscribeDropsDeliveries, // drops deliveries that have begun
    UnknownUnsubscribeUnanswered, // sends no UNSUBACK when nothing was deleted
    UnknownUnsubscribeSucceeds, // answers with success when nothing was deleted
    UnsubAckIdentifierCut, // sends UNSUBACK with the low byte of the Packet Identifier only
    UnsubAckCodesReversed, // sends the codes of UNSUBACK in the opposite order
    UnsubAckCodeMissing, // leaves out the last of three codes or more in UNSUBACK
    UnsubAckCodeUnknown, // answers for unknown filters with a code that UNSUBACK has not
    UnsubAckForEachFilter, // sends an UNSUBACK for each filter
    UnsubAckExplainedOverSize, // explains itself in UNSUBACK beyond the client's Maximum Packet Size

    // 3.12 to 3.15: PINGREQ, DISCONNECT, AUTH
    PingRespWithBody, // sends PINGRESP with a body
    DisconnectBeforeConnAck, // refuses with DISCONNECT
    DisconnectFlagsTolerated, // takes any flags in DISCONNECT
    DisconnectCodeUnchecked, // takes unknown codes in DISCONNECT for normal disconnection
    DisconnectCodeUnknown, // tells of a takeover with a code that DISCONNECT has not
    DisconnectExplainedOverSize, // explains itself in DISCONNECT beyond the client's Maximum Packet Size
    SessionExpiryInDisconnect, // sends a Session Expiry Interval in DISCONNECT
    SessionExpiryAtDisconnectIgnored, // ignores a new Session Expiry Interval in DISCONNECT
    SessionExpiryFromZeroTolerated, // lets DISCONNECT keep a session that was to end
    PacketBehindDisconnectSent, // sends PINGRESP behind its DISCONNECT
    PacketBehindDisconnectTaken, // handles what a client sends behind its DISCONNECT
    OldConnectionKept, // keeps a connection after it told that it was taken over
    RepeatedPropertyErrorKept, // keeps a connection after it complained of a property that stands twice
    TopicAliasErrorKept, // keeps a connection after it complained of a Topic Alias
    AuthFlagsTolerated, // takes any flags in AUTH
    AuthCodeUnchecked, // takes any code in AUTH
    AuthCodeUnknown, // sends AUTH with a code that it has not
    AuthExplainedOverSize, // explains itself in AUTH beyond the client's Maximum Packet Size

    // 4.3 and 4.4: the flows of QoS 1 and 2, and redelivery
    PubAckIgnored, // keeps a delivery open after PUBACK
    DuplicateQos1Dropped, // takes DUP at QoS 1 for a message that it has
    RepeatedQos2Delivered, // delivers a repeated QoS 2 message again
    PubRelKeepsIdentifier, // takes the Packet Identifier for open after PUBREL
    PubRelUnansweredAfterResume, // sends no PUBCOMP for a message of an earlier connection
    PubRelUnsentAfterResume, // sends no PUBREL for a delivery that it repeated
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

    // 4.2: the stream of bytes
    PacketInPiecesRefused, // closes when a packet does not come at once

    // 4.5 to 4.7: receipt, order, filters
    OfflineQos2LeftOut, // keeps nothing at QoS 2 for clients that are away
    WaitingSwapped, // turns the order of messages round that wait
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
    ShareTopicDelivered, // delivers messages for $share/name/topic to the share
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
