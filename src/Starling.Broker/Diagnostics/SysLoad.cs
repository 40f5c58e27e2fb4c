namespace Starling.Broker.Diagnostics;

/// <summary>A counter whose growth per minute is averaged over 1, 5 and 15 minutes, newer samples weighing exponentially more.</summary>
/// <param name="Topic">The Topic Name up to the number of minutes.</param>
/// <param name="Read">Takes the counter from the sample.</param>
internal sealed record SysLoad(string Topic, Func<SysSample, long> Read)
{
    /// <summary>The averages, named as Mosquitto 2.0 names them.</summary>
    public static SysLoad[] All { get; } =
    [
        new("$SYS/broker/load/messages/received", sample => sample.Counters.PacketsReceived),
        new("$SYS/broker/load/messages/sent", sample => sample.Counters.PacketsSent),
        new("$SYS/broker/load/publish/dropped", sample => sample.Counters.DroppedInAll()),
        new("$SYS/broker/load/publish/received", sample => sample.Counters.PublishReceived),
        new("$SYS/broker/load/publish/sent", sample => sample.Counters.PublishSent),
        new("$SYS/broker/load/bytes/received", sample => sample.Counters.BytesReceived),
        new("$SYS/broker/load/bytes/sent", sample => sample.Counters.BytesSent),
        new("$SYS/broker/load/sockets", sample => sample.Counters.SocketsOpened),
        new("$SYS/broker/load/connections", sample => sample.Counters.ConnectionsOpened),
    ];

    /// <summary>The minutes averaged over, in the order of a counter's topics.</summary>
    public static ReadOnlySpan<int> WindowsMinutes => [1, 5, 15];

    /// <summary>The next average.</summary>
    /// <param name="averagePerMinute">The last average.</param>
    /// <param name="growth">How much the counter has grown in the interval.</param>
    /// <param name="intervalMilliseconds">The length of the interval, above 0.</param>
    /// <param name="windowMinutes">What is averaged over.</param>
    public static double Next(double averagePerMinute, long growth, long intervalMilliseconds, int windowMinutes)
    {
        double perMinute = growth * 60_000.0 / intervalMilliseconds;
        double weightOfPast = Math.Exp(-intervalMilliseconds / (windowMinutes * 60_000.0));
        return perMinute + (weightOfPast * (averagePerMinute - perMinute));
    }
}
