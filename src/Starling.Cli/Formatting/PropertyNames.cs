using Starling.Protocol.Packets;

namespace Starling.Cli.Formatting;

/// <summary>The properties of MQTT 5.0 by the names that -D and JSON lines have.</summary>
internal static class PropertyNames
{
    private static readonly (string Name, PropertyId Id)[] All =
    [
        ("payload-format-indicator", PropertyId.PayloadFormatIndicator),
        ("message-expiry-interval", PropertyId.MessageExpiryInterval),
        ("content-type", PropertyId.ContentType),
        ("response-topic", PropertyId.ResponseTopic),
        ("correlation-data", PropertyId.CorrelationData),
        ("subscription-identifier", PropertyId.SubscriptionIdentifier),
        ("session-expiry-interval", PropertyId.SessionExpiryInterval),
        ("assigned-client-identifier", PropertyId.AssignedClientIdentifier),
        ("server-keep-alive", PropertyId.ServerKeepAlive),
        ("authentication-method", PropertyId.AuthenticationMethod),
        ("authentication-data", PropertyId.AuthenticationData),
        ("request-problem-information", PropertyId.RequestProblemInformation),
        ("will-delay-interval", PropertyId.WillDelayInterval),
        ("request-response-information", PropertyId.RequestResponseInformation),
        ("response-information", PropertyId.ResponseInformation),
        ("server-reference", PropertyId.ServerReference),
        ("reason-string", PropertyId.ReasonString),
        ("receive-maximum", PropertyId.ReceiveMaximum),
        ("topic-alias-maximum", PropertyId.TopicAliasMaximum),
        ("topic-alias", PropertyId.TopicAlias),
        ("maximum-qos", PropertyId.MaximumQos),
        ("retain-available", PropertyId.RetainAvailable),
        ("user-property", PropertyId.UserProperty),
        ("maximum-packet-size", PropertyId.MaximumPacketSize),
        ("wildcard-subscription-available", PropertyId.WildcardSubscriptionAvailable),
        ("subscription-identifier-available", PropertyId.SubscriptionIdentifiersAvailable),
        ("shared-subscription-available", PropertyId.SharedSubscriptionAvailable),
    ];

    /// <summary>The property with this name, in any case; None when there is no such one.</summary>
    public static PropertyId Find(string name) =>
        All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Id;

    public static string Of(PropertyId id) => All.First(known => known.Id == id).Name;

    /// <summary>Whether its value is text or binary.</summary>
    public static bool IsText(PropertyId id) => id is
        PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.CorrelationData or PropertyId.AssignedClientIdentifier
        or PropertyId.AuthenticationMethod or PropertyId.AuthenticationData or PropertyId.ResponseInformation or PropertyId.ServerReference
        or PropertyId.ReasonString or PropertyId.UserProperty;

    /// <summary>Whether its value is bytes rather than text.</summary>
    public static bool IsBinary(PropertyId id) => id is PropertyId.CorrelationData or PropertyId.AuthenticationData;

    /// <summary>The largest value of one that is a number.</summary>
    public static long LargestNumber(PropertyId id) => id switch
    {
        PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation
            or PropertyId.MaximumQos or PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable
            or PropertyId.SubscriptionIdentifiersAvailable or PropertyId.SharedSubscriptionAvailable => byte.MaxValue,
        PropertyId.ServerKeepAlive or PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum or PropertyId.TopicAlias => ushort.MaxValue,
        _ => uint.MaxValue,
    };

    /// <summary>The largest value that MQTT 5.0 allows for one that is a number.</summary>
    public static long LargestAllowed(PropertyId id) => LargestNumber(id) == byte.MaxValue
        ? 1
        : id == PropertyId.SubscriptionIdentifier ? VariableByteInteger.MaxValue : LargestNumber(id);

    /// <summary>The smallest value that MQTT 5.0 allows for one that is a number.</summary>
    public static long SmallestAllowed(PropertyId id) => id is
        PropertyId.ReceiveMaximum or PropertyId.TopicAlias or PropertyId.MaximumPacketSize or PropertyId.SubscriptionIdentifier ? 1 : 0;
}
