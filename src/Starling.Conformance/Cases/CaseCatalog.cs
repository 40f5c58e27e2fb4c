using Starling.Conformance.Running;

namespace Starling.Conformance.Cases;

/// <summary>Every case, in the order of the specification.</summary>
internal static class CaseCatalog
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. ConnectCases.All,
        .. ConnectFlagCases.All,
        .. ConnectFormatCases.All,
        .. ClientIdentifierCases.All,
        .. SessionCases.All,
        .. SessionExpiryCases.All,
        .. KeepAliveCases.All,
        .. TakeoverCases.All,
        .. ConnAckCases.All,
        .. WillCases.All,
        .. WillDelayCases.All,
        .. RetainCases.All,
        .. RetainHandlingCases.All,
        .. MessageExpiryCases.All,
        .. TextCases.All,
        .. LengthCases.All,
        .. TruncationCases.All,
        .. FlagCases.All,
        .. DirectionCases.All,
        .. IdentifierZeroCases.All,
        .. PropertyCases.All,
        .. PropertyRangeCases.All,
        .. EmptyPacketCases.All,
        .. SubscribeOptionCases.All,
        .. PacketSizeCases.All,
        .. ErrorCases.All,
        .. PingCases.All,
        .. TopicNameCases.All,
        .. TopicFilterCases.All,
        .. TopicMatchingCases.All,
        .. TopicAliasCases.All,
        .. ServerAliasCases.All,
        .. ForwardingCases.All,
        .. SubscriptionIdentifierCases.All,
        .. WebSocketCases.All,
    ];
}
