using Starling.Broker;
using Starling.Protocol;

namespace Starling.Hosting.Settings;

/// <summary>What the broker offers to clients.</summary>
internal static class FeatureSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        SettingKinds.Choice<QualityOfService>(
            new("Limits:MaximumQos", "2", "The highest QoS for publishing; announced."),
            [("0", QualityOfService.AtMostOnce), ("1", QualityOfService.AtLeastOnce), ("2", QualityOfService.ExactlyOnce)],
            new(o => o.Broker.MaximumQos, (o, v) => o with { Broker = o.Broker with { MaximumQos = v } })),
        SettingKinds.Boolean(
            new("Limits:RetainAvailable", "true", "Whether retained messages are supported; announced."),
            Flag(b => b.RetainAvailable, (b, v) => b with { RetainAvailable = v })),
        SettingKinds.Boolean(
            new("Limits:WildcardsAvailable", "true", "Whether wildcards in filters are supported; announced."),
            Flag(b => b.WildcardsAvailable, (b, v) => b with { WildcardsAvailable = v })),
        SettingKinds.Boolean(
            new("Limits:SharedAvailable", "true", "Whether Shared Subscriptions are supported; announced."),
            Flag(b => b.SharedAvailable, (b, v) => b with { SharedAvailable = v })),
        SettingKinds.Duration(
            new("SysInterval", "10s", "How often the $SYS topics are published; 0s: never."),
            new(0, 86_400_000),
            new(
                o => o.Broker.SysInterval,
                (o, v) => o with { Broker = o.Broker with { SysInterval = v ?? o.Broker.SysInterval } })),
        SettingKinds.Words(
            new("ResponseInformation", "replies/", "Response Information for clients of 5.0 that ask for it."),
            "none",
            new(o => o.Broker.ResponseInformation, (o, v) => o with { Broker = o.Broker with { ResponseInformation = v } })),
        SettingKinds.Words(
            new("NodeId", "starling", "The name of this node, in the start message."),
            DefaultNodeId,
            new(o => o.Broker.NodeId, (o, v) => o with { Broker = o.Broker with { NodeId = v ?? DefaultNodeId } })),
    ];

    private const string DefaultNodeId = "starling";

    private static SettingAccess<bool> Flag(Func<BrokerOptions, bool> get, Func<BrokerOptions, bool, BrokerOptions> with) =>
        new(o => get(o.Broker), (o, v) => o with { Broker = with(o.Broker, v) });
}
