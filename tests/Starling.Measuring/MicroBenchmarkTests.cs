namespace Starling.Measuring;

public sealed class MicroBenchmarkTests
{
    [Fact]
    public async Task Every_micro_benchmark_runs_once()
    {
        RunResult run = await Bench.RunAsync(Bench.Built("bench/Starling.Micro", "Starling.Micro"), ["--smoke"]);
        Assert.Matches("^([0-9]{2,}) of \\1 benchmarks have run\n$", run.Expect(0).Output);
    }
}
