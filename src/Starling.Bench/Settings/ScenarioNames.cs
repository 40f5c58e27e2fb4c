namespace Starling.Bench.Settings;

/// <summary>The words for the scenarios, as in the command line and in files.</summary>
internal static class ScenarioNames
{
    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<(BenchScenario Scenario, string Name)> All { get; } =
    [
        (BenchScenario.Conn, "conn"), (BenchScenario.Pub, "pub"), (BenchScenario.Sub, "sub"), (BenchScenario.Pair, "pair"),
        (BenchScenario.FanOut, "fanout"), (BenchScenario.FanIn, "fanin"), (BenchScenario.Share, "share"),
        (BenchScenario.RequestResponse, "rr"), (BenchScenario.Retain, "retain"), (BenchScenario.Churn, "churn"),
        (BenchScenario.Offline, "offline"),
    ];

    public static string Of(BenchScenario scenario) => All.First(known => known.Scenario == scenario).Name;
}
