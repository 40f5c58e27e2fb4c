using Starling.Protocol;

namespace Starling.Bench.Settings;

/// <summary>What a run does. All numbers are checked before; those that a scenario does not use stay at their defaults.</summary>
internal sealed record BenchSettings
{
    public required BenchScenario Scenario { get; init; }

    public MqttVersion Version { get; init; } = MqttVersion.V5;

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }

    public ushort KeepAliveSeconds { get; init; } = 60;

    /// <summary>Client Identifiers begin so; a role and a number follow.</summary>
    public required string ClientPrefix { get; init; }

    /// <summary>Tells this run's messages from those of others on the same server.</summary>
    public required uint RunId { get; init; }

    /// <summary>Clients of <c>conn</c>, <c>churn</c> and <c>rr</c>.</summary>
    public int Clients { get; init; } = 1;

    public int Publishers { get; init; } = 1;

    public int Subscribers { get; init; } = 1;

    /// <summary>So many messages are published in all; 0: until the time is over.</summary>
    public long Messages { get; init; }

    public PayloadSizes Sizes { get; init; } = PayloadSizes.Of(64);

    /// <summary>Messages (or connections, or cycles) a second in all, whatever the server does; 0: as fast as the windows allow.</summary>
    public double Rate { get; init; }

    /// <summary>How long is measured, after the warm-up; zero: until the messages are published.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Over so much time the clients are opened; zero: as fast as <see cref="Concurrency"/> allows.</summary>
    public TimeSpan Ramp { get; init; }

    public TimeSpan WarmUp { get; init; }

    public required TopicPattern Topics { get; init; }

    public QualityOfService Qos { get; init; }

    /// <summary>The most unacknowledged messages of a publisher at QoS 1 and 2.</summary>
    public int InFlight { get; init; } = 100;

    /// <summary>The most published messages that are not delivered yet, of all publishers; 0: no limit. Without a rate only.</summary>
    public long Window { get; init; }

    public bool Retain { get; init; }

    /// <summary>How many connections are being opened at a time.</summary>
    public int Concurrency { get; init; } = 100;

    /// <summary>Without a rate: a loop looks away so long in each iteration, so that reads and writes become larger.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>After the last message: how long nothing may arrive before the rest counts as lost.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long nothing may happen while clients connect or messages are awaited, before the run gives up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public int Loops { get; init; } = 1;

    public bool IsOpenLoop => Rate > 0;
}
