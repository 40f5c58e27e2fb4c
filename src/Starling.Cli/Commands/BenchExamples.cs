using Starling.Bench.Settings;

namespace Starling.Cli.Commands;

/// <summary>Three whole command lines for each scenario of <c>bench</c>.</summary>
internal static class BenchExamples
{
    public static IReadOnlyList<string> Of(BenchScenario scenario) => scenario switch
    {
        BenchScenario.Conn =>
        [
            "starling bench conn --clients 10000",
            "starling bench conn -h broker --rate 500 --duration 30s",
            "starling bench conn --clients 5000 --broker-pid 4711 --json conn.json",
        ],
        BenchScenario.Pub =>
        [
            "starling bench pub --publishers 50 -q 1",
            "starling bench pub -h broker --rate 20000 --duration 1m --size 64-1024",
            "starling bench pub --topics sensors/%i/%c --messages 100000",
        ],
        BenchScenario.Sub =>
        [
            "starling bench sub --duration 1m",
            "starling bench sub -h broker --subscribers 4 --topics sensors/#",
            "starling bench sub --messages 100000 -q 1",
        ],
        BenchScenario.Pair =>
        [
            "starling bench pair --clients 100 -q 1",
            "starling bench pair -h broker --rate 10000 --warmup 2s --duration 1m --hist pair.hgrm",
            "starling bench pair --clients 50 --json new.json --compare old.json --tolerance 5",
        ],
        BenchScenario.FanOut =>
        [
            "starling bench fanout --subscribers 1000",
            "starling bench fanout -h broker --rate 50 --duration 1m --size 1024",
            "starling bench fanout -q 1 --broker-pid 4711",
        ],
        BenchScenario.FanIn =>
        [
            "starling bench fanin --publishers 200 -q 1",
            "starling bench fanin -h broker --rate 30000 --csv fanin.csv",
            "starling bench fanin --subscribers 2 --inflight 20",
        ],
        BenchScenario.Share =>
        [
            "starling bench share --subscribers 8 -q 1",
            "starling bench share -h broker --rate 10000 --duration 30s",
            "starling bench share --publishers 10 --messages 1000000",
        ],
        BenchScenario.RequestResponse =>
        [
            "starling bench rr --clients 1 --duration 10s",
            "starling bench rr -h broker --clients 50 --rate 2000",
            "starling bench rr --subscribers 4 -q 1 --inflight 10",
        ],
        _ => OfSessions(scenario),
    };

    private static string[] OfSessions(BenchScenario scenario) => scenario switch
    {
        BenchScenario.Retain =>
        [
            "starling bench retain --messages 1000000",
            "starling bench retain -h broker --subscribers 10 --size 256",
            "starling bench retain -q 0 --broker-pid 4711",
        ],
        BenchScenario.Churn =>
        [
            "starling bench churn --clients 200 --duration 10s",
            "starling bench churn -h broker --rate 500 -q 1",
            "starling bench churn --messages 10000 --json churn.json",
        ],
        _ =>
        [
            "starling bench offline --messages 1000000",
            "starling bench offline -h broker --subscribers 100 --messages 10000 -q 2",
            "starling bench offline --publishers 50 --inflight 1000 --broker-pid 4711",
        ],
    };
}
