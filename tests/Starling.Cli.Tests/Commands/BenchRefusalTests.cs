using System.Globalization;
using System.Net;
using Starling.Broker;
using Starling.Hosting;

namespace Starling.Cli.Tests.Commands;

/// <summary>What ends a run of <c>bench</c> early.</summary>
public sealed class BenchRefusalTests
{
    [Fact]
    public async Task Refused_connection_is_5()
    {
        CliRun run = await RunAsync(new BrokerOptions { ConnectionsMax = 3 }, "conn --clients 10");

        Assert.Equal(ExitCode.ConnectionRefused, run.Code);
        Assert.Matches("^starling: 127.0.0.1:[0-9]+ refused a connection: 0x97 QuotaExceeded.\n$", run.Error);
    }

    [Fact]
    public async Task Refused_subscription_is_13()
    {
        CliRun run = await RunAsync(new BrokerOptions { SharedAvailable = false }, "share");

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(" refused a subscription: 0x9E ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_message_is_13()
    {
        CliRun run = await RunAsync(new BrokerOptions { RetainAvailable = false }, "retain --messages 10");

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains(" refused a message: 0x9A ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_connection_is_7_and_what_was_found_is_told()
    {
        StarlingBroker broker = Start(new BrokerOptions());
        Task<CliRun> running = RunAsync(broker, "pair --clients 2 --duration 1h");
        CliRun seen = await RunAsync(broker, "sub --topics bench/# --messages 1 --duration 20s");
        Assert.DoesNotContain(" 0 delivered", seen.Output, StringComparison.Ordinal);

        await broker.DisposeAsync();

        CliRun run = await running;
        Assert.Equal(ExitCode.ConnectionLost, run.Code);
        Assert.Contains("The connection was lost.", run.Error, StringComparison.Ordinal);
        Assert.Contains(" delivered, ", run.Output, StringComparison.Ordinal);
    }

    private static async Task<CliRun> RunAsync(BrokerOptions options, string scenario)
    {
        await using StarlingBroker broker = Start(options);
        return await RunAsync(broker, scenario);
    }

    private static Task<CliRun> RunAsync(StarlingBroker broker, string scenario) => CliRun.RunAsync(
    [
        "bench", .. scenario.Split(' '), "--progress", "none", "-h", "127.0.0.1",
        "-p", broker.EndPoints[0].Port.ToString(CultureInfo.InvariantCulture),
    ]);

    private static StarlingBroker Start(BrokerOptions options) => StarlingBroker.Start(new StarlingOptions
    {
        Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
        Durability = Durability.Memory,
        Loops = 1,
        MemoryBudgetBytes = 64 << 20,
        Broker = options,
    });
}
