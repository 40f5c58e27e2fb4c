namespace Starling.Crash.Ledger;

/// <summary>What one receiver has got of one stream, and is owed. Guarded by its <see cref="Inbox"/>.</summary>
internal sealed class Interest(MessageStream stream)
{
    public MessageStream Stream => stream;

    /// <summary>The QoS that was granted.</summary>
    public int Qos { get; set; }

    /// <summary>Between SUBACK and UNSUBSCRIBE.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The first number that is owed while it is open; none before the first SUBACK.</summary>
    public long From { get; set; } = long.MaxValue;

    /// <summary>The first number that must not come, because UNSUBACK was there before it was sent.</summary>
    public long ForbiddenFrom { get; set; } = long.MaxValue;

    /// <summary>All before it have been settled in an earlier round.</summary>
    public long Floor { get; set; }

    public long HighestFirst { get; set; } = -1;

    public bool HasFence { get; set; }

    /// <summary>How often each number has come, from <see cref="Floor"/> on.</summary>
    public Dictionary<long, int> Times { get; } = [];

    /// <summary>The latest arrivals in short, for reports.</summary>
    public Queue<string> Latest { get; } = new();

    public int DeliveredQos => Math.Min(Qos, stream.Qos);
}
