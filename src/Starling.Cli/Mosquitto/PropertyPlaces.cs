using Starling.Protocol.Packets;

namespace Starling.Cli.Mosquitto;

/// <summary>Which property may stand in which packet, by the table of MQTT 5.0 (2.2.2.2).</summary>
internal static class PropertyPlaces
{
    private static readonly PropertyId[] Message =
    [
        PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.ContentType, PropertyId.ResponseTopic,
        PropertyId.CorrelationData,
    ];

    private static readonly PropertyId[] Connect =
    [
        PropertyId.SessionExpiryInterval, PropertyId.AuthenticationMethod, PropertyId.AuthenticationData, PropertyId.RequestProblemInformation,
        PropertyId.RequestResponseInformation, PropertyId.ReceiveMaximum, PropertyId.TopicAliasMaximum, PropertyId.MaximumPacketSize,
    ];

    private static readonly PropertyId[] ConnAck =
    [
        PropertyId.SessionExpiryInterval, PropertyId.AssignedClientIdentifier, PropertyId.ServerKeepAlive, PropertyId.AuthenticationMethod,
        PropertyId.AuthenticationData, PropertyId.ResponseInformation, PropertyId.ServerReference, PropertyId.ReasonString,
        PropertyId.ReceiveMaximum, PropertyId.TopicAliasMaximum, PropertyId.MaximumQos, PropertyId.RetainAvailable,
        PropertyId.MaximumPacketSize, PropertyId.WildcardSubscriptionAvailable, PropertyId.SubscriptionIdentifiersAvailable,
        PropertyId.SharedSubscriptionAvailable,
    ];

    /// <summary>Whether the packet of <paramref name="command"/>, named in lower case, may have the property.</summary>
    public static bool IsAllowed(string command, PropertyId id) => id == PropertyId.UserProperty || command switch
    {
        "connect" => Connect.Contains(id),
        "connack" => ConnAck.Contains(id),
        "publish" => Message.Contains(id) || id is PropertyId.TopicAlias or PropertyId.SubscriptionIdentifier,
        "will" => Message.Contains(id) || id == PropertyId.WillDelayInterval,
        "subscribe" => id == PropertyId.SubscriptionIdentifier,
        "disconnect" => id is PropertyId.SessionExpiryInterval or PropertyId.ServerReference or PropertyId.ReasonString,
        "auth" => id is PropertyId.AuthenticationMethod or PropertyId.AuthenticationData or PropertyId.ReasonString,
        "puback" or "pubrec" or "pubrel" or "pubcomp" or "suback" or "unsuback" => id == PropertyId.ReasonString,
        _ => false,
    };
}
