using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Measuring;

/// <summary>The scripts in bench that show growth and tails still run, on small numbers: what they print is not judged here.</summary>
public sealed class ScaleScriptTests
{
    private const int BadArguments = 2;

    [Fact]
    public async Task Scale_measures_sessions_that_come_back_and_queues_of_every_durability()
    {
        (int code, string output) = await RunAsync("scale.py", "--small", "--brokers", "starling", "--parts", "reconnect,queues");

        Assert.True(code == 0, output);
        Assert.Contains("\n| 200 | fsync | starling | ", output, StringComparison.Ordinal);
        Assert.All(["memory", "os", "fsync"], durability => Assert.Contains($"\n| 2k | {durability} | starling | ", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tails_measures_the_quiet_broker_and_the_relay_beside_it()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "The broker and the generators need a core each.");

        (int code, string output) = await RunAsync("tails.py", "--small", "--rate", "2000", "--disturb", "none");

        Assert.True(code == 0, output);
        Assert.All(["starling", "relay"], broker => Assert.Contains($"\n| none | {broker} | ", output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("scale.py", "--parts", "filters,nothing", "there is no part nothing; there are connections, ")]
    [InlineData("tails.py", "--disturb", "noise", "there is no disturbance noise; there are none, ")]
    [InlineData("tails.py", "--cpus", "0", "--cpus 0 is not allowed: two numbers with a comma between them, for example 0,1")]
    [InlineData("scale.py", "--rounds", "none", "none is not allowed: a number from 1 up")]
    public async Task Bad_argument_is_told_in_one_line(string script, string option, string value, string message)
    {
        (int code, string output) = await RunAsync(script, option, value);

        Assert.Equal(BadArguments, code);
        Assert.Contains(message, Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(string script, params string[] arguments)
    {
        BrokerProcess.RequireStarling("the scripts start it themselves.");
        Tool.RequireFile(Tool.Python, $"{Tool.Python} is missing (Debian package python3).");
        Tool.Require("gcc", "gcc libc6-dev");
        string path = Path.Combine(Tool.RepositoryRoot(), "bench", script);
        await using ChildProcess process = ChildProcess.Start(
            "/usr/bin/env", [$"STARLING_BIN={BrokerProcess.StarlingProgram()}", Tool.Python, path, .. arguments]);
        int code = await process.WaitForExitAsync(Patience.Long * 2);
        return (code, string.Join('\n', process.Output.Snapshot().Concat(process.Errors.Snapshot())));
    }
}
