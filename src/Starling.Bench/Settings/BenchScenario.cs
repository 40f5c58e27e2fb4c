namespace Starling.Bench.Settings;

/// <summary>What a run measures.</summary>
internal enum BenchScenario
{
    /// <summary>Clients connect, and stay.</summary>
    Conn,

    /// <summary>Publishers only.</summary>
    Pub,

    /// <summary>Subscribers only; another process publishes.</summary>
    Sub,

    /// <summary>Pairs of one publisher and one subscriber, each with a topic of its own.</summary>
    Pair,

    /// <summary>Few publishers on one topic, many subscribers.</summary>
    FanOut,

    /// <summary>Many publishers with topics of their own, few subscribers on a wildcard.</summary>
    FanIn,

    /// <summary>Many publishers, one shared subscription with several members.</summary>
    Share,

    /// <summary>Requests and their answers.</summary>
    RequestResponse,

    /// <summary>Retained messages are stored, then read by a wildcard.</summary>
    Retain,

    /// <summary>Clients connect, subscribe, publish, receive and disconnect, again and again.</summary>
    Churn,

    /// <summary>Sessions are away while messages come, then return and read them.</summary>
    Offline,
}
