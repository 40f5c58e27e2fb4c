using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace Starling.Cli.Tests.Commands;

public sealed class HealthTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private static readonly byte[] Accepted = [0x20, 3, 0, 0, 0];

    [Theory]
    [InlineData("5", "V5")]
    [InlineData("311", "V311")]
    public async Task Broker_that_is_ready_is_0_and_one_line(string version, string said)
    {
        CliRun run = await CliRun.RunAsync(["health", .. broker.Address, "-V", version]);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Matches($@"^127\.0\.0\.1:\d+ is ready: MQTT {said}, answered in \d+\.\d ms\.\n$", run.Output);
    }

    [Fact]
    public async Task Quiet_says_nothing()
    {
        CliRun run = await CliRun.RunAsync(["health", .. broker.Address, "--quiet"]);

        Assert.Equal((ExitCode.Ok, "", ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task Nobody_there_is_4_and_one_line()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        taken.Stop();

        CliRun run = await CliRun.RunAsync("health", "-h", "127.0.0.1", "-p", port);

        Assert.Equal((ExitCode.CannotConnect, ""), (run.Code, run.Output));
        Assert.StartsWith("starling: Cannot connect: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData(0x88, ExitCode.ConnectionRefused)]
    [InlineData(0x86, ExitCode.BadCredentials)]
    public async Task Broker_that_refuses_is_not_ready(byte reason, int code)
    {
        await using ScriptedServer server = new([0x20, 3, 0, reason, 0]);

        CliRun run = await CliRun.RunAsync(["health", "-V", "5", .. server.Address]);

        Assert.Equal((code, ""), (run.Code, run.Output));
        Assert.Contains($"0x{reason:X2}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_that_does_not_answer_in_time_is_4()
    {
        FakeTimeProvider time = new();
        await using RawServer server = new(static _ => []);
        Task<CliRun> running = CliRun.RunAsync(["health", "--timeout", "2s", "-L", server.Url], new CliSurroundings { TimeProvider = time });
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        CliRun run = await running;

        Assert.Equal((ExitCode.CannotConnect, ""), (run.Code, run.Output));
        Assert.Contains("did not answer within 2 s", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_of_a_context_is_not_disturbed()
    {
        using TemporaryFolder folder = new();
        CliSurroundings home = new() { Variables = new() { ["XDG_CONFIG_HOME"] = folder.Path } };
        await CliRun.RunAsync(["context", "add", "meter", .. broker.Address, "-i", "meter-7"], home);
        Task<CliRun> meter = CliRun.RunAsync(["sub", "--context", "meter", "-t", "health/done", "-C", "1", "-W", "60", "--no-reconnect"], home);

        CliRun run = await CliRun.RunAsync(["health", "--context", "meter"], home);
        while (!meter.IsCompleted)
        {
            await CliRun.RunAsync(["pub", .. broker.Address, "-t", "health/done", "-m", "x", "-q", "1"]);
        }

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (run.Code, (await meter).Code));
    }

    [Fact]
    public async Task No_time_at_all_is_refused()
    {
        CliRun run = await CliRun.RunAsync("health", "--timeout", "0");

        Assert.Equal((ExitCode.Usage, "starling: --timeout 0 is not allowed: a time such as 500ms or 2s. For example --timeout 5s.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Interruption_is_130()
    {
        await using ScriptedServer server = new(Accepted);

        CliRun run = await CliRun.RunAsync(["health", .. server.Address], new CliSurroundings { Interrupted = new CancellationToken(canceled: true) });

        Assert.Equal(ExitCode.Interrupted, run.Code);
    }
}
