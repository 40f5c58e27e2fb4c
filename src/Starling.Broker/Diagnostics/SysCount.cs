namespace Starling.Broker.Diagnostics;

/// <summary>A $SYS topic whose value is a whole number taken from a sample.</summary>
/// <param name="Topic">The whole Topic Name.</param>
/// <param name="Read">Takes the number from the sample.</param>
internal sealed record SysCount(string Topic, Func<SysSample, long> Read)
{
    /// <summary>The topics with numbers, named as Mosquitto 2.0 names them, so that dashboards made for it work.</summary>
    public static SysCount[] All { get; } =
    [
        new("$SYS/broker/clients/total", sample => sample.Counters.SessionsNow),
        new("$SYS/broker/clients/inactive", Absent),
        new("$SYS/broker/clients/disconnected", Absent),
        new("$SYS/broker/clients/active", sample => sample.Counters.ConnectionsNow),
        new("$SYS/broker/clients/connected", sample => sample.Counters.ConnectionsNow),
        new("$SYS/broker/clients/expired", sample => sample.Counters.SessionsExpired),
        new("$SYS/broker/messages/stored", Stored),
        new("$SYS/broker/messages/received", sample => sample.Counters.PacketsReceived),
        new("$SYS/broker/messages/sent", sample => sample.Counters.PacketsSent),
        new("$SYS/broker/store/messages/count", Stored),
        new("$SYS/broker/store/messages/bytes", sample => sample.Counters.QueuedBytesNow + sample.RetainedBytes),
        new("$SYS/broker/store/condition", sample => (long)sample.Condition),
        new("$SYS/broker/store/commits", sample => sample.Store.Commits),
        new("$SYS/broker/store/references", sample => sample.Store.LiveReferences),
        new("$SYS/broker/store/disk/written", sample => sample.Store.WrittenBytes),
        new("$SYS/broker/store/disk/bytes", sample => sample.Store.DiskBytes),
        new("$SYS/broker/store/disk/free", sample => sample.Store.DiskFreeBytes),
        new("$SYS/broker/store/disk/full", sample => sample.Store.FullCount),
        new("$SYS/broker/subscriptions/count", sample => sample.Counters.SubscriptionsNow),
        new("$SYS/broker/shared_subscriptions/count", sample => sample.Counters.SharedSubscriptionsNow),
        new("$SYS/broker/retained messages/count", sample => sample.RetainedMessages),
        new("$SYS/broker/heap/current", sample => sample.HeapBytes),
        new("$SYS/broker/publish/messages/dropped", sample => sample.Counters.DroppedInAll()),
        new("$SYS/broker/publish/messages/received", sample => sample.Counters.PublishReceived),
        new("$SYS/broker/publish/messages/sent", sample => sample.Counters.PublishSent),
        new("$SYS/broker/publish/bytes/received", sample => sample.Counters.PublishBytesReceived),
        new("$SYS/broker/publish/bytes/sent", sample => sample.Counters.PublishBytesSent),
        new("$SYS/broker/bytes/received", sample => sample.Counters.BytesReceived),
        new("$SYS/broker/bytes/sent", sample => sample.Counters.BytesSent),
        .. Enum.GetValues<DropReason>().Select(OfReason),
        .. Enum.GetValues<BrokerLimit>().Select(OfLimit),
    ];

    private static SysCount OfReason(DropReason reason) =>
        new($"$SYS/broker/publish/messages/dropped/{DropReasonName.Of(reason)}", sample => sample.Counters.Dropped(reason));

    private static SysCount OfLimit(BrokerLimit limit) =>
        new($"$SYS/broker/limits/{BrokerLimitName.Of(limit)}", sample => sample.Counters.Crossed(limit));

    // The sum of shards read one after the other may be a moment apart from itself.
    private static long Absent(SysSample sample) => Math.Max(0, sample.Counters.SessionsNow - sample.Counters.ConnectionsNow);

    private static long Stored(SysSample sample) => sample.Counters.QueuedMessagesNow + sample.RetainedMessages;
}
