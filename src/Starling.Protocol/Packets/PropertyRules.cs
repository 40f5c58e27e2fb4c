using Starling.Protocol.Topics;

namespace Starling.Protocol.Packets;

/// <summary>What holds for each property wherever it stands: where it may stand, how often, and which values it may have.</summary>
internal static class PropertyRules
{
    /// <summary>Checks one well-formed entry and notes its identifier in <paramref name="present"/>.</summary>
    public static bool IsValid(in PropertyEntry entry, ulong allowed, ref ulong present, out ProtocolViolation violation)
    {
        ulong bit = 1UL << (int)entry.Id;
        if ((allowed & bit) == 0)
        {
            violation = new(ReasonCode.MalformedPacket, "U5-06");
            return false;
        }

        // Only User Property repeats anywhere, and Subscription Identifier in a PUBLISH, of which a client may send none [U5-07].
        if ((present & bit) != 0 && !MayRepeat(entry.Id, allowed))
        {
            violation = entry.Id == PropertyId.SubscriptionIdentifier
                ? new(ReasonCode.ProtocolError, "U5-27")
                : new(ReasonCode.ProtocolError, "U5-07");
            return false;
        }

        present |= bit;
        violation = ValueViolation(entry);
        return violation.IsNone;
    }

    private static bool MayRepeat(PropertyId id, ulong allowed) =>
        id == PropertyId.UserProperty || (id == PropertyId.SubscriptionIdentifier && allowed == PropertyTable.Publish);

    private static ProtocolViolation ValueViolation(in PropertyEntry entry) => entry.Id switch
    {
        PropertyId.PayloadFormatIndicator when entry.Number > 1 => new(ReasonCode.ProtocolError, "U5-24"),
        PropertyId.ResponseTopic when entry.Value.IsEmpty => new(ReasonCode.ProtocolError, "MQTT-4.7.3-1"),
        PropertyId.ResponseTopic when TopicName.HasWildcards(entry.Value) => new(ReasonCode.ProtocolError, "MQTT-3.3.2-14"),
        PropertyId.SubscriptionIdentifier when entry.Number == 0 => new(ReasonCode.ProtocolError, "U5-27"),
        PropertyId.RequestProblemInformation when entry.Number > 1 => new(ReasonCode.ProtocolError, "U5-12"),
        PropertyId.RequestResponseInformation when entry.Number > 1 => new(ReasonCode.ProtocolError, "U5-12"),
        PropertyId.ReceiveMaximum when entry.Number == 0 => new(ReasonCode.ProtocolError, "U5-10"),
        PropertyId.TopicAlias when entry.Number == 0 => new(ReasonCode.TopicAliasInvalid, "MQTT-3.3.2-8"),
        PropertyId.MaximumPacketSize when entry.Number == 0 => new(ReasonCode.ProtocolError, "U5-11"),
        PropertyId.MaximumQos when entry.Number > 1 => new(ReasonCode.ProtocolError, "MQTT-3.2.2-9"),
        PropertyId.RetainAvailable or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifiersAvailable
            or PropertyId.SharedSubscriptionAvailable when entry.Number > 1 => new(ReasonCode.ProtocolError, "U5-36"),
        _ => default,
    };
}
