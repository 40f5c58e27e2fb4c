using Starling.Broker;

namespace Starling.Hosting.Settings;

/// <summary>The section Limits, and the memory budget.</summary>
internal static class LimitSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        SettingKinds.Size(
            new("Memory:Budget", "512MiB", "Memory for buffers and messages; above it publishers are held back. auto: a quarter of the machine."),
            new(32L << 20, Absent: "auto"),
            new(o => o.MemoryBudgetBytes, (o, v) => o with { MemoryBudgetBytes = v })),
        SettingKinds.Size(
            new("Limits:PacketBytesMax", "2MiB", "The largest packet taken; announced as Maximum Packet Size."),
            new(1L << 10, 256L << 20),
            Limit(b => b.PacketBytesMax, (b, v) => b with { PacketBytesMax = ToInt(v) })),
        SettingKinds.Number(
            new("Limits:ReceiveMaximum", "512", "Open QoS 1 and 2 messages from one client; announced as Receive Maximum."),
            new(1, ushort.MaxValue),
            Limit(b => b.ReceiveMaximum, (b, v) => b with { ReceiveMaximum = ToInt(v) })),
        SettingKinds.Number(
            new("Limits:TopicAliasMaximum", "64", "Topic aliases of one connection, each way."),
            new(0, ushort.MaxValue),
            Limit(b => b.TopicAliasMaximum, (b, v) => b with { TopicAliasMaximum = ToInt(v) })),
        SettingKinds.Number(
            new("Limits:TopicLevelsMax", "200", "Levels of a topic name or filter."),
            new(1, ushort.MaxValue),
            Limit(b => b.TopicLevelsMax, (b, v) => b with { TopicLevelsMax = ToInt(v) })),
        SettingKinds.Number(
            new("Limits:SubscriptionsPerSessionMax", "100000", "Subscriptions of one session."),
            new(1, int.MaxValue),
            Limit(b => b.SubscriptionsPerSessionMax, (b, v) => b with { SubscriptionsPerSessionMax = ToInt(v) })),
        .. Queues,
        .. Times,
        .. Totals,
        SettingKinds.Size(
            new("Limits:DiskHighMark", "1GiB", "Room on the data directory's disk that must stay free, else publishers are held back; auto: a tenth of the disk, at most 1GiB."),
            new(0, Absent: "auto"),
            new(o => o.DiskFreeBytesMin, (o, v) => o with { DiskFreeBytesMin = v })),
    ];

    private static Setting[] Queues =>
    [
        SettingKinds.Number(
            new("Limits:SessionQueueMessagesMax", "100000", "Messages queued for one session."),
            new(1, int.MaxValue),
            Limit(b => b.SessionQueueMessagesMax, (b, v) => b with { SessionQueueMessagesMax = ToInt(v) })),
        SettingKinds.Size(
            new("Limits:SessionQueueBytesMax", "64MiB", "Bytes of messages queued for one session."),
            new(1),
            Limit(b => b.SessionQueueBytesMax, (b, v) => b with { SessionQueueBytesMax = v ?? b.SessionQueueBytesMax })),
        SettingKinds.Choice<SessionQueueFull>(
            new("Limits:SessionQueueFull", "DropNewest", "What is given up when the queue of a session is full; counted and logged."),
            [
                ("DropNewest", SessionQueueFull.DropNewest),
                ("DropOldest", SessionQueueFull.DropOldest),
                ("EndSession", SessionQueueFull.EndSession),
            ],
            new(o => o.Broker.SessionQueueFull, (o, v) => o with { Broker = o.Broker with { SessionQueueFull = v } })),
        SettingKinds.Number(
            new("Limits:OutgoingWindow3x", "512", "Open QoS 1 and 2 deliveries to a client of MQTT 3.x."),
            new(1, ushort.MaxValue),
            Limit(b => b.OutgoingWindow3x, (b, v) => b with { OutgoingWindow3x = ToInt(v) })),
    ];

    private static Setting[] Times =>
    [
        SettingKinds.Duration(
            new("Limits:ConnectTimeout", "10s", "From the acceptance of a connection to its CONNACK."),
            new(1_000, 300_000),
            Time(b => b.ConnectTimeout, (b, v) => b with { ConnectTimeout = v ?? b.ConnectTimeout })),
        SettingKinds.Duration(
            new("Limits:KeepAliveMax", "10m", "The longest Keep Alive; announced in 5.0, applied silently in 3.x."),
            new(1_000, 65_535_000, "none"),
            Time(b => b.KeepAliveMax, (b, v) => b with { KeepAliveMax = v })),
        SettingKinds.Duration(
            new("Limits:SessionExpiryMax", "30d", "The longest Session Expiry Interval; announced in 5.0, applied silently in 3.x."),
            new(0, uint.MaxValue * 1_000L, "none"),
            Time(b => b.SessionExpiryMax, (b, v) => b with { SessionExpiryMax = v })),
        SettingKinds.Duration(
            new("Limits:HeldPublisherTimeout", "5s", "How long a publisher is held back at the memory limit before its messages are refused."),
            new(0, 3_600_000),
            Time(b => b.HeldPublisherTimeout, (b, v) => b with { HeldPublisherTimeout = v ?? b.HeldPublisherTimeout })),
        SettingKinds.Duration(
            new("Limits:WillGraceAfterRestart", "60s", "How much longer Wills and sessions of clients wait that were connected when the broker ended; 0s: no longer."),
            new(0, 86_400_000),
            Time(b => b.WillGraceAfterRestart, (b, v) => b with { WillGraceAfterRestart = v ?? b.WillGraceAfterRestart })),
    ];

    private static Setting[] Totals =>
    [
        SettingKinds.Number(
            new("Limits:ConnectionsMax", "100000", "Connections at a time."),
            new(1, int.MaxValue, "none"),
            Limit(b => b.ConnectionsMax, (b, v) => b with { ConnectionsMax = (int?)v })),
        SettingKinds.Number(
            new("Limits:SessionsMax", "100000", "Sessions, connected or absent."),
            new(1, int.MaxValue, "none"),
            Limit(b => b.SessionsMax, (b, v) => b with { SessionsMax = (int?)v })),
        SettingKinds.Size(
            new("Limits:RetainedBytesMax", "64MiB", "Bytes of retained messages; auto: an eighth of the memory budget."),
            new(0, Absent: "auto"),
            Limit(b => b.RetainedBytesMax, (b, v) => b with { RetainedBytesMax = v })),
        SettingKinds.Number(
            new("Limits:RetainedMessagesMax", "1000000", "Retained messages."),
            new(0, Absent: "none"),
            Limit(b => b.RetainedMessagesMax, (b, v) => b with { RetainedMessagesMax = v })),
    ];

    // A range without a word for "absent" never applies null, so this is never zero in its place.
    private static int ToInt(long? value) => (int)value.GetValueOrDefault();

    private static SettingAccess<long?> Limit(Func<BrokerOptions, long?> get, Func<BrokerOptions, long?, BrokerOptions> with) =>
        new(o => get(o.Broker), (o, v) => o with { Broker = with(o.Broker, v) });

    private static SettingAccess<TimeSpan?> Time(Func<BrokerOptions, TimeSpan?> get, Func<BrokerOptions, TimeSpan?, BrokerOptions> with) =>
        new(o => get(o.Broker), (o, v) => o with { Broker = with(o.Broker, v) });
}
