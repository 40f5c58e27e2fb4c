namespace Starling.Measuring;

public sealed class ComparisonTests
{
    private static readonly string[] Brief =
        ["--rounds", "1", "--seconds", "0.3", "--warmup", "0", "--prewarm", "0", "--messages", "2000", "--starts", "1"];

    [Fact]
    public async Task The_scenarios_are_listed_with_their_sets()
    {
        string list = (await Bench.ScriptAsync("bench/compare.py", "--list")).Expect(0).Output;
        Assert.Matches("(?m)^p2p100-q1-64 +p2p --pairs 100 --qos 1 --size 64   \\(in quick, in budget\\)$", list);
        Assert.Contains("\nrecovery ", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_results_are_judged_row_by_row()
    {
        RunResult run = (await Bench.ScriptAsync("bench/compare.py", "--set", "budget", "--from", Bench.Sample)).Expect(0);
        Assert.Equal(["0.22", "0.10 relay", "2.10", "≤ 2.5 ×", "met", "4.50", "-"], run.Row("fanout100-q0-64", "CPU µs/message")[2..]);
        Assert.Equal(["4.10", "≤ 4 ×", "missed"], run.Row("p2p100-q0-64", "CPU µs/message")[4..7]);
        Assert.Equal("void", run.Row("p2p100-q1-64", "CPU µs/message")[6]);
        Assert.Equal("void", run.Row("lat-p2p-q1-10k", "p99 µs")[6]);
        Assert.Equal(["1.20", "≥ 1 ×", "met"], run.Row("connect", "connections/s")[4..7]);
        Assert.Equal(["1,601", "", "", "≤ 1,536", "missed"], run.Row("idle-10k", "bytes/connection")[2..7]);
        Assert.Equal("void", run.Row("recovery", "s per 256 MiB")[6]);
        Assert.Equal("not measured", run.Row("start", "ms, Native AOT")[6]);
        Assert.Contains("\n- Machine: a machine\n- Commit: abc\n", run.Output, StringComparison.Ordinal);
        (await Bench.ScriptAsync("bench/compare.py", "--set", "budget", "--check", "--from", Bench.Sample)).Expect(1);
    }

    [Fact]
    public async Task Brokers_are_measured_beside_each_other_and_one_that_cannot_be_had_is_named()
    {
        Assert.SkipUnless(Bench.IsInstalled("gcc"), "there is no compiler for mqload (Debian package gcc).");
        string results = Path.GetTempFileName();
        try
        {
            string[] what = ["--scenarios", "p2p100-q1-64", "--brokers", "relay,starling,mqttnet,nobody", "--json", results];
            RunResult run = (await Bench.ScriptAsync("bench/compare.py", [.. Brief, .. what])).Expect(0);
            foreach (string broker in (string[])["relay", "starling", "mqttnet"])
            {
                string[] row = run.Row(broker);
                Assert.Equal("0/0/0", row[6]);
                Assert.Equal("1", row[7]);
            }

            Assert.Contains("left out: nobody: no broker has the name nobody", run.Output, StringComparison.Ordinal);
            RunResult again = (await Bench.ScriptAsync("bench/compare.py", "--from", results)).Expect(0);
            Assert.Equal(run.Row("starling"), again.Row("starling"));
        }
        finally
        {
            File.Delete(results);
        }
    }

    [Fact]
    public async Task Durability_and_recovery_are_measured_by_the_same_command()
    {
        Assert.SkipUnless(Bench.IsInstalled("gcc"), "there is no compiler for mqload (Debian package gcc).");
        string[] what = ["--scenarios", "durable-q1-256,recovery", "--brokers", "starling"];
        RunResult run = (await Bench.ScriptAsync("bench/compare.py", [.. Brief, .. what])).Expect(0);
        Assert.Equal("0/0/0", run.Row("memory")[6]);
        string recovery = run.Output[run.Output.IndexOf("### recovery", StringComparison.Ordinal)..];
        Assert.Equal("2,000", (run with { Output = recovery }).Row("starling")[4]);
    }
}
