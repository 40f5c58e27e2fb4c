namespace Starling.Cli.Tests.Commands;

public sealed class FailureTests
{
    private static readonly byte[] Accepted = [0x20, 3, 0, 0, 0];

    public static TheoryData<string, int, string, byte[]> Refusals => new()
    {
        { "pub -t a -m x -V 5", ExitCode.ConnectionRefused, "0x87 NotAuthorized", [0x20, 3, 0, 0x87, 0] },
        { "pub -t a -m x -V 5", ExitCode.ConnectionRefused, "0x8A Banned", [0x20, 3, 0, 0x8A, 0] },
        { "pub -t a -m x -V 5", ExitCode.BadCredentials, "Check -u and -P", [0x20, 3, 0, 0x86, 0] },
        { "pub -t a -m x -V 311", ExitCode.BadCredentials, "Check -u and -P", [0x20, 2, 0, 4] },
        { "pub -t a -m x -V 311", ExitCode.ConnectionRefused, "0x87 NotAuthorized", [0x20, 2, 0, 5] },
        { "sub -t a -V 5", ExitCode.ConnectionRefused, "0x97 QuotaExceeded", [0x20, 3, 0, 0x97, 0] },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task Refused_connection_says_the_code(string commandLine, int code, string said, byte[] connAck)
    {
        await using ScriptedServer server = new(connAck);

        CliRun run = await CliRun.RunAsync([.. commandLine.Split(' '), .. server.Address]);

        Assert.Equal(code, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData(0x87, ExitCode.NotAuthorized)]
    [InlineData(0x97, ExitCode.Refused)]
    public async Task Refused_message_says_the_code(byte reason, int code)
    {
        await using ScriptedServer server = new(Accepted, [0x40, 3, 0, 1, reason], []);

        CliRun run = await CliRun.RunAsync(["pub", "-V", "5", "-t", "a", "-m", "x", "-q", "1", .. server.Address]);

        Assert.Equal(code, run.Code);
        Assert.Contains($"0x{reason:X2}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x87, ExitCode.NotAuthorized)]
    [InlineData(0x9E, ExitCode.Refused)]
    public async Task Refused_subscription_says_the_code(byte reason, int code)
    {
        await using ScriptedServer server = new(Accepted, [0x90, 4, 0, 1, 0, reason], []);

        CliRun run = await CliRun.RunAsync(["sub", "-V", "5", "-t", "a", "-W", "30", .. server.Address]);

        Assert.Equal(code, run.Code);
        Assert.Contains($"the subscription to a: 0x{reason:X2}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pub -V 5 -t a -m x -q 1")]
    [InlineData("sub -V 5 -t a --no-reconnect -W 30")]
    public async Task Lost_connection_is_7(string commandLine)
    {
        await using ScriptedServer server = new(Accepted);

        CliRun run = await CliRun.RunAsync([.. commandLine.Split(' '), .. server.Address]);

        Assert.Equal(ExitCode.ConnectionLost, run.Code);
        Assert.Contains("was lost", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-l")]
    [InlineData("-s")]
    public async Task Pub_that_waits_for_input_ends_with_its_connection(string source)
    {
        await using ScriptedServer server = new(Accepted);

        CliRun run = await CliRun.RunAsync(
            ["pub", "-V", "5", "-t", "a", source, .. server.Address], new CliSurroundings { InputStream = new SilentInput() });

        Assert.Equal((ExitCode.ConnectionLost, true), (run.Code, run.Error.Contains("was lost", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("pub -t a -m x")]
    [InlineData("sub -t a")]
    public async Task Server_that_is_not_there_is_4(string commandLine)
    {
        await using ScriptedServer server = new();
        string[] address = server.Address;
        await server.DisposeAsync();

        CliRun run = await CliRun.RunAsync([.. commandLine.Split(' '), .. address]);

        Assert.Equal(ExitCode.CannotConnect, run.Code);
        Assert.Contains("Is the broker running there?", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Name_without_an_address_is_4()
    {
        CliRun run = await CliRun.RunAsync("pub", "-t", "a", "-m", "x", "-h", "no-such-host.invalid");

        Assert.Equal(ExitCode.CannotConnect, run.Code);
        Assert.Contains("Check -h", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_prints_no_error()
    {
        await using ScriptedServer server = new([0x20, 3, 0, 0x87, 0]);

        CliRun run = await CliRun.RunAsync(["pub", "-V", "5", "-t", "a", "-m", "x", "--quiet", .. server.Address]);

        Assert.Equal((ExitCode.ConnectionRefused, ""), (run.Code, run.Error));
    }
}
