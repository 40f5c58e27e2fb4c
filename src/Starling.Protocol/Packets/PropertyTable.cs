using static Starling.Protocol.Packets.PropertyKind;

namespace Starling.Protocol.Packets;

/// <summary>What the specification's table of properties says: the kind of each, and where it may stand.</summary>
internal static class PropertyTable
{
    /// <summary>One more than the highest identifier.</summary>
    public const int Length = 0x2B;

    public const ulong Connect =
        1UL << (int)PropertyId.SessionExpiryInterval | 1UL << (int)PropertyId.AuthenticationMethod
        | 1UL << (int)PropertyId.AuthenticationData
        | 1UL << (int)PropertyId.RequestProblemInformation | 1UL << (int)PropertyId.RequestResponseInformation
        | 1UL << (int)PropertyId.ReceiveMaximum | 1UL << (int)PropertyId.TopicAliasMaximum | 1UL << (int)PropertyId.MaximumPacketSize
        | User;

    public const ulong Will =
        1UL << (int)PropertyId.PayloadFormatIndicator | 1UL << (int)PropertyId.MessageExpiryInterval | 1UL << (int)PropertyId.ContentType
        | 1UL << (int)PropertyId.ResponseTopic | 1UL << (int)PropertyId.CorrelationData | 1UL << (int)PropertyId.WillDelayInterval | User;

    public const ulong ConnAck =
        1UL << (int)PropertyId.SessionExpiryInterval | 1UL << (int)PropertyId.AssignedClientIdentifier
        | 1UL << (int)PropertyId.ServerKeepAlive
        | 1UL << (int)PropertyId.AuthenticationMethod | 1UL << (int)PropertyId.AuthenticationData
        | 1UL << (int)PropertyId.ResponseInformation
        | 1UL << (int)PropertyId.ServerReference | 1UL << (int)PropertyId.ReasonString | 1UL << (int)PropertyId.ReceiveMaximum
        | 1UL << (int)PropertyId.TopicAliasMaximum | 1UL << (int)PropertyId.MaximumQos | 1UL << (int)PropertyId.RetainAvailable
        | 1UL << (int)PropertyId.MaximumPacketSize | 1UL << (int)PropertyId.WildcardSubscriptionAvailable
        | 1UL << (int)PropertyId.SubscriptionIdentifiersAvailable | 1UL << (int)PropertyId.SharedSubscriptionAvailable | User;

    public const ulong Publish =
        1UL << (int)PropertyId.PayloadFormatIndicator | 1UL << (int)PropertyId.MessageExpiryInterval | 1UL << (int)PropertyId.ContentType
        | 1UL << (int)PropertyId.ResponseTopic | 1UL << (int)PropertyId.CorrelationData | 1UL << (int)PropertyId.SubscriptionIdentifier
        | 1UL << (int)PropertyId.TopicAlias | User;

    /// <summary>PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK.</summary>
    public const ulong Acknowledgement = 1UL << (int)PropertyId.ReasonString | User;

    public const ulong Subscribe = 1UL << (int)PropertyId.SubscriptionIdentifier | User;

    public const ulong Unsubscribe = User;

    public const ulong Disconnect =
        1UL << (int)PropertyId.SessionExpiryInterval | 1UL << (int)PropertyId.ServerReference | 1UL << (int)PropertyId.ReasonString | User;

    public const ulong Auth =
        1UL << (int)PropertyId.AuthenticationMethod | 1UL << (int)PropertyId.AuthenticationData | 1UL << (int)PropertyId.ReasonString
        | User;

    private const ulong User = 1UL << (int)PropertyId.UserProperty;

    private static ReadOnlySpan<PropertyKind> Kinds =>
    [
        None, PropertyKind.Byte, FourByteInteger, Text, None, None, None, None,
        Text, Binary, None, PropertyKind.VariableByteInteger, None, None, None, None,
        None, FourByteInteger, Text, TwoByteInteger, None, Text, Binary, PropertyKind.Byte,
        FourByteInteger, PropertyKind.Byte, Text, None, Text, None, None, Text,
        None, TwoByteInteger, TwoByteInteger, TwoByteInteger, PropertyKind.Byte, PropertyKind.Byte, TextPair, FourByteInteger,
        PropertyKind.Byte, PropertyKind.Byte, PropertyKind.Byte,
    ];

    public static PropertyKind KindOf(PropertyId id) => (int)id < Length ? Kinds[(int)id] : None;
}
