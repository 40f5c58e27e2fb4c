using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Starling.Cli.Tests.Commands;

public sealed class BenchTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly string OwnProcess = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("conn --clients 50 --duration 100ms")]
    [InlineData("pub --publishers 5 --messages 2000 -q 1")]
    [InlineData("sub --duration 100ms")]
    [InlineData("pair --clients 5 --messages 2000 -q 1")]
    [InlineData("pair --clients 5 --messages 2000 -q 2 -V 311 --loops 2")]
    [InlineData("fanout --subscribers 10 --messages 500")]
    [InlineData("fanin --publishers 10 --messages 2000 -q 1 -V 31")]
    [InlineData("share --publishers 5 --messages 2000 -q 1")]
    [InlineData("rr --clients 3 --messages 500")]
    [InlineData("retain --messages 500 --subscribers 2")]
    [InlineData("churn --clients 5 --messages 100")]
    [InlineData("offline --messages 500 --subscribers 2 -q 2")]
    public async Task Every_scenario_ends_well_on_sockets(string scenario)
    {
        CliRun run = await RunAsync([.. scenario.Split(' '), "--broker-pid", OwnProcess]);

        Assert.Equal(("", ExitCode.Ok), (run.Error, run.Code));
        Assert.StartsWith($"{scenario.Split(' ')[0]} on 127.0.0.1:{broker.Address[3]}: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nbroker      ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_and_comparison_are_written()
    {
        using TemporaryFolder folder = new();
        string[] load = ["pair", "--clients", "4", "--messages", "1000", "--broker-pid", OwnProcess];

        CliRun run = await RunAsync([.. load, "--json", folder.File("r.json"), "--csv", folder.File("r.csv"), "--hist", folder.File("r.hgrm")]);

        Assert.Equal(("", ExitCode.Ok), (run.Error, run.Code));
        JsonNode json = JsonNode.Parse(await ReadAsync(folder.File("r.json"))) ?? throw new InvalidOperationException();
        Assert.Equal(1000, (int?)json["messages"]?["delivered"]);
        Assert.StartsWith("seconds,", await ReadAsync(folder.File("r.csv")), StringComparison.Ordinal);
        Assert.Contains("#[Max ", await ReadAsync(folder.File("r.hgrm")), StringComparison.Ordinal);

        CliRun same = await RunAsync([.. load, "--compare", folder.File("r.json"), "--tolerance", "1000"]);
        Assert.Contains("traffic: sent/s", same.Output, StringComparison.Ordinal);

        // As if the earlier run had been far faster.
        (json["sections"]?[0] ?? throw new InvalidOperationException())["sentPerSecond"] = 1e12;
        await File.WriteAllTextAsync(folder.File("fast.json"), json.ToJsonString(), TestContext.Current.CancellationToken);
        CliRun worse = await RunAsync([.. load, "--compare", folder.File("fast.json"), "--tolerance", "50"]);
        Assert.Equal(ExitCode.ProblemsFound, worse.Code);
        Assert.Matches("(?m)^traffic: sent/s .*WORSE$", worse.Output);
    }

    [Fact]
    public async Task Result_of_another_scenario_is_not_compared()
    {
        using TemporaryFolder folder = new();
        await RunAsync("conn", "--clients", "2", "--duration", "1ms", "--json", folder.File("r.json"));

        CliRun run = await RunAsync("pair", "--compare", folder.File("r.json"));

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("is of bench conn, which has other figures than bench pair.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_is_JSON_when_asked()
    {
        CliRun run = await RunAsync("fanout", "--subscribers", "3", "--messages", "100", "--output", "json");

        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(300, json.RootElement.GetProperty("messages").GetProperty("delivered").GetInt64());
    }

    [Fact]
    public async Task Listener_checks_what_another_process_publishes()
    {
        Task<CliRun> listening = RunAsync("sub", "--messages", "1000", "--duration", "20s", "--topics", "listen/+", "-q", "1");
        CliRun publishing;
        do
        {
            // Until the listener is there, what is published reaches nobody.
            publishing = await RunAsync("pub", "--publishers", "2", "--messages", "1000", "--topics", "listen/%i", "-q", "1");
        }
        while (!listening.IsCompleted && publishing.Code == ExitCode.Ok);

        CliRun run = await listening;
        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (run.Code, publishing.Code));
        Assert.Contains(" 0 lost, 0 duplicated, 0 reordered", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_each_second_tells_how_it_goes()
    {
        CliRun run = await CliRun.RunAsync(["bench", "pair", .. broker.Address, "--clients", "2", "--rate", "200", "--duration", "1500ms"]);

        Assert.Matches("^bench +1 s traffic: [0-9]+ of 200 sent/s, [0-9]+ delivered/s, p50 [0-9]+ µs, p99 [0-9]+ µs, max [0-9]+ µs, missing 0, ", run.Error);
    }

    [Fact]
    public async Task Stop_ends_a_run_with_what_it_has_found()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromMilliseconds(700));

        CliRun run = await CliRun.RunAsync(
            ["bench", "pair", .. broker.Address, "--clients", "2", "--duration", "1h", "--progress", "none"], new CliSurroundings { Interrupted = stop.Token });

        Assert.Equal(("", ExitCode.Interrupted), (run.Error, run.Code));
        Assert.Contains(" 0 lost, 0 duplicated, 0 reordered", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_is_not_there_is_4()
    {
        CliRun run = await CliRun.RunAsync("bench", "pair", "-h", "127.0.0.1", "-p", "1", "--progress", "none");

        Assert.Equal(ExitCode.CannotConnect, run.Code);
        Assert.Matches("^starling: Cannot connect to 127.0.0.1:1: .* Is the broker running there\\? Check -h and -p.\n$", run.Error);
        Assert.Empty(run.Output);
    }

    private Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync(["bench", args[0], .. broker.Address, "--progress", "none", .. args[1..]]);

    private static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
}
