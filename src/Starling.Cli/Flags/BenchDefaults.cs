using Starling.Bench.Settings;

namespace Starling.Cli.Flags;

/// <summary>What a scenario of <c>bench</c> takes, and what it does when nothing is said.</summary>
internal sealed record BenchDefaults
{
    /// <summary>What <c>--clients</c> counts; null when the scenario has no such flag.</summary>
    public string? Clients { get; init; }

    public int ClientCount { get; init; } = 1;

    public bool HasPublishers { get; init; }

    public int Publishers { get; init; } = 1;

    /// <summary>What <c>--subscribers</c> counts; null when the scenario has no such flag.</summary>
    public string? Subscribers { get; init; }

    public int SubscriberCount { get; init; } = 1;

    /// <summary>Messages in all; 0: until the time is over.</summary>
    public long Messages { get; init; }

    /// <summary>Whether <c>--messages</c> is a flag of it.</summary>
    public bool HasMessages { get; init; } = true;

    /// <summary>Whether it lasts for a time.</summary>
    public bool HasDuration { get; init; } = true;

    public bool HasWarmUp { get; init; } = true;

    /// <summary>Whether it publishes.</summary>
    public bool Publishes { get; init; } = true;

    public bool HasTopics { get; init; } = true;

    /// <summary>What <c>--rate</c> counts; null when it has no rate.</summary>
    public string? Rate { get; init; } = "Messages";

    public int Qos { get; init; }

    public int InFlight { get; init; } = 100;

    /// <summary>Whether a window of deliveries holds publishers back.</summary>
    public bool HasWindow { get; init; }

    /// <summary>The topics; RUN stands for the run.</summary>
    public required string Topics { get; init; }

    /// <summary>One line for the help.</summary>
    public required string Description { get; init; }

    public static BenchDefaults Of(BenchScenario scenario) => scenario switch
    {
        BenchScenario.Conn => new()
        {
            Description = "Let clients connect and stay: connections a second, time to CONNACK, memory for each.",
            Topics = "", HasTopics = false, Clients = "Clients that connect", ClientCount = 1000, HasMessages = false, HasWarmUp = false,
            Publishes = false, Rate = "Connections",
        },
        BenchScenario.Pub => new()
        {
            Description = "Publish only: messages a second that the server takes.",
            Topics = "bench/pub/%i", HasPublishers = true, Publishers = 10,
        },
        BenchScenario.Sub => new()
        {
            Description = "Subscribe only, to what another process publishes.",
            Topics = "bench/pub/+", Subscribers = "Clients that subscribe", Publishes = false, Rate = null,
        },
        BenchScenario.Pair => new()
        {
            Description = "Pairs of one publisher and one subscriber, each with a topic of its own.",
            Topics = "bench/RUN/pair/%i", Clients = "Pairs", ClientCount = 100, HasWindow = true,
        },
        BenchScenario.FanOut => new()
        {
            Description = "Few publishers on one topic, many subscribers.",
            Topics = "bench/RUN/fanout", HasPublishers = true, Subscribers = "Clients that subscribe", SubscriberCount = 100, HasWindow = true,
        },
        BenchScenario.FanIn => new()
        {
            Description = "Many publishers, few subscribers on a wildcard.",
            Topics = "bench/RUN/fanin/%i", HasPublishers = true, Publishers = 50, Subscribers = "Clients that subscribe", HasWindow = true,
        },
        BenchScenario.Share => new()
        {
            Description = "Many publishers, one shared subscription with several members.",
            Topics = "bench/RUN/share/%i", HasPublishers = true, Publishers = 50, Subscribers = "Members of the shared subscription",
            SubscriberCount = 4, HasWindow = true,
        },
        BenchScenario.RequestResponse => new()
        {
            Description = "Requests and their answers: the time of a round trip.",
            Topics = "bench/RUN/rr", HasTopics = false, Clients = "Clients that ask", ClientCount = 10, Subscribers = "Clients that answer",
            InFlight = 1, HasWindow = true,
        },
        _ => OfSessions(scenario),
    };

    private static BenchDefaults OfSessions(BenchScenario scenario) => scenario switch
    {
        BenchScenario.Retain => new()
        {
            Description = "Store retained messages, then subscribe to all of them by a wildcard. They are removed at the end.",
            Topics = "bench/RUN/retain/%i/%c", HasPublishers = true, Publishers = 10, Subscribers = "Clients that subscribe to all",
            Messages = 100_000, HasDuration = false, HasWarmUp = false, Qos = 1,
        },
        BenchScenario.Churn => new()
        {
            Description = "Clients connect, subscribe, publish, receive and disconnect, again and again.",
            Topics = "bench/RUN/churn/%i", Clients = "Clients at a time", ClientCount = 100, HasWarmUp = false, Rate = "Cycles",
        },
        _ => new()
        {
            Description = "Sessions are away while messages come, then return and read all of them.",
            Topics = "bench/RUN/offline/%i", HasPublishers = true, Publishers = 10, Subscribers = "Sessions that are away", Messages = 100_000,
            HasDuration = false, HasWarmUp = false, Qos = 1,
        },
    };
}
