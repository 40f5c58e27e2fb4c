namespace Starling.Measuring;

public sealed class ScriptTests
{
    [Fact]
    public async Task The_tests_of_the_scripts_pass()
    {
        RunResult run = await Bench.PythonAsync(["-m", "unittest", "discover", "-s", Path.Combine(Bench.Root, "bench/tests")]);
        Assert.Matches("\nRan [1-9][0-9]* tests in .*\n\nOK\n$", run.Expect(0).Errors);
    }

    [Theory]
    [InlineData("bench/compare.py")]
    [InlineData("bench/durability.py")]
    [InlineData("bench/startup.py")]
    public async Task A_script_tells_its_options(string script) =>
        Assert.Contains("options:", (await Bench.ScriptAsync(script, "--help")).Expect(0).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("bench/compare.py", "--scenarios", "p2p")]
    [InlineData("bench/compare.py", "--rounds", "0")]
    [InlineData("bench/compare.py", "--set", "some")]
    [InlineData("bench/durability.py", "--parts", "all")]
    [InlineData("bench/startup.py", "--brokers", "nobody")]
    [InlineData("bench/startup.py", "--runs", "0")]
    public async Task A_wrong_value_is_one_line_that_names_it(string script, string option, string value)
    {
        RunResult run = (await Bench.ScriptAsync(script, option, value)).Expect(2);
        string line = Assert.Single(run.Errors.TrimEnd().Split('\n'));
        Assert.Contains(option, line, StringComparison.Ordinal);
        Assert.Contains(value, line, StringComparison.Ordinal);
    }
}
