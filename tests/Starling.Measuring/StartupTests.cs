namespace Starling.Measuring;

public sealed class StartupTests
{
    private const string Ask = "import sys; sys.path.insert(0, sys.argv[1]); import startup; print(startup.is_compiled_ahead(sys.argv[2]))";

    [Fact]
    public async Task A_start_is_measured_to_its_CONNACK()
    {
        Assert.SkipUnless(Bench.IsInstalled("mosquitto"), "mosquitto is not installed (Debian package mosquitto).");
        string[] row = (await Bench.ScriptAsync("bench/startup.py", "--runs", "2", "--brokers", "mosquitto")).Expect(0).Row("mosquitto");
        Assert.All(row[1..6], cell => Assert.InRange(double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture), 0.1, 30_000));
        Assert.Equal("2", row[6]);
    }

    [Fact]
    public async Task An_assembly_that_is_compiled_ahead_is_told_from_one_that_is_not()
    {
        Assert.Equal("True\n", await AskAsync(typeof(object).Assembly.Location));
        Assert.Equal("False\n", await AskAsync(typeof(StartupTests).Assembly.Location));
    }

    private static async Task<string> AskAsync(string assembly) =>
        (await Bench.PythonAsync(["-c", Ask, Path.Combine(Bench.Root, "bench"), assembly])).Expect(0).Output;
}
