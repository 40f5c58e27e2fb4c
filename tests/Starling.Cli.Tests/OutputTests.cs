using Starling.Cli.Tests.Commands;

namespace Starling.Cli.Tests;

public sealed class OutputTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private const int BrokenPipe = 32;
    private const int NoSpace = 28;

    public static TheoryData<string> Commands => ["--help", "--help exit-codes", "--version", "pub --help", "conform --help", "serve --help", "serve --check --data /x", "store", "store verify --help"];

    [Theory, MemberData(nameof(Commands))]
    public async Task Reader_that_has_gone_is_0_and_silent(string commandLine)
    {
        CliRun run = await CliRun.RunAsync(commandLine.Split(' '), Faulty(new IOException("Broken pipe", BrokenPipe)));

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
    }

    [Theory, MemberData(nameof(Commands))]
    public async Task Full_disk_is_1_and_one_line(string commandLine)
    {
        CliRun run = await CliRun.RunAsync(commandLine.Split(' '), Faulty(new IOException("No space left on device", NoSpace)));

        Assert.Equal((ExitCode.Unexpected, "starling: the output cannot be written: No space left on device\n"), (run.Code, run.Error));
    }

    [Theory]
    [InlineData(BrokenPipe, ExitCode.Ok)]
    [InlineData(NoSpace, ExitCode.Unexpected)]
    public async Task Sub_ends_when_it_cannot_print(int error, int code)
    {
        string topic = $"print/{error}";
        await CliRun.RunAsync(["pub", .. broker.Address, "-t", topic, "-m", "x", "-r", "-q", "1"]);

        CliRun run = await CliRun.RunAsync(["sub", .. broker.Address, "-t", topic, "-W", "30"], Faulty(new IOException("fault", error)));

        Assert.Equal(code, run.Code);
    }

    [Fact]
    public async Task Fault_of_our_own_is_1_and_says_so()
    {
        CliRun run = await CliRun.RunAsync(["--version"], Faulty(new InvalidCastException("odd")));

        Assert.Equal(ExitCode.Unexpected, run.Code);
        Assert.StartsWith("starling: unexpected error", run.Error, StringComparison.Ordinal);
    }

    private static CliSurroundings Faulty(Exception fault) => new() { OutputStream = new FaultyOutput(fault) };
}
