namespace Starling.Broker.Diagnostics;

/// <summary>
/// The limits whose crossing ends in a refusal or a close, by their key; each crossing is counted. Messages given up are counted by
/// <see cref="DropReason"/>.
/// </summary>
internal enum BrokerLimit : byte
{
    PacketBytesMax,
    ReceiveMaximum,
    TopicAliasMaximum,
    TopicLevelsMax,
    SubscriptionsPerSessionMax,
    ConnectTimeout,
    ConnectionsMax,
    SessionsMax,
    MemoryBudget,
    MaximumQos,
    RetainAvailable,
    WildcardsAvailable,
    SharedAvailable,
}
