using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>Which values the properties of a client may have.</summary>
internal static class PropertyRanges
{
    public static void Demand(WireProperty property, Fault fault)
    {
        (bool IsGood, Fault Tolerance, ReasonCode Reason) rule = property.Id switch
        {
            PropertyId.PayloadFormatIndicator => (property.Number <= 1, Fault.None, ReasonCode.ProtocolError),
            PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation =>
                (property.Number <= 1, Fault.RequestFlagTwoTolerated, ReasonCode.ProtocolError),
            PropertyId.ReceiveMaximum => (property.Number > 0, Fault.ReceiveMaximumZeroTolerated, ReasonCode.ProtocolError),
            PropertyId.MaximumPacketSize => (property.Number > 0, Fault.MaximumPacketSizeZeroTolerated, ReasonCode.ProtocolError),
            PropertyId.SubscriptionIdentifier => (property.Number > 0, Fault.SubscriptionIdentifierZeroTolerated, ReasonCode.ProtocolError),
            PropertyId.TopicAlias => (property.Number > 0, Fault.TopicAliasZeroTolerated, ReasonCode.TopicAliasInvalid),
            PropertyId.ResponseTopic =>
                (!property.Text.AsSpan().ContainsAny('+', '#'), Fault.ResponseTopicWildcardsTolerated, ReasonCode.ProtocolError),
            _ => (true, Fault.None, ReasonCode.Success),
        };
        if (!rule.IsGood && (rule.Tolerance == Fault.None || fault != rule.Tolerance))
        {
            throw new RefusalException(rule.Reason);
        }
    }
}
