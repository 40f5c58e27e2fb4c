using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;
using Starling.EndToEnd.Tests.Storing;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>The built tool makes load for the broker and for mosquitto, and finds every message once.</summary>
public sealed class BenchTests
{
    public static TheoryData<string> Loads =>
    [
        "pair --clients 20 --messages 20000 -q 0",
        "pair --clients 20 --messages 20000 -q 1",
        "pair --clients 20 --messages 10000 -q 2",
        "fanout --subscribers 50 --messages 1000 -q 1 -V 311",
        "fanin --publishers 20 --messages 20000 -q 1",
        "share --publishers 10 --messages 10000 -q 1",
        "rr --clients 5 --messages 2000 -q 1",
        "retain --messages 2000 -q 1",
        "churn --clients 10 --messages 200 -q 1",
        "offline --messages 900 -q 1",
        "conn --clients 200 --duration 200ms",
    ];

    [Theory, MemberData(nameof(Loads))]
    public async Task Broker_keeps_its_promises_under_load(string load)
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();

        await AssertCleanAsync(load, broker.Port, broker.ProcessId);
    }

    [Theory, MemberData(nameof(Loads))]
    public async Task Mosquitto_is_measured_too(string load)
    {
        // As it comes, it drops what is more than 1000 messages for a client.
        int port = FreePort();
        string configuration = Path.GetTempFileName();
        await File.WriteAllTextAsync(configuration, MosquittoConfiguration.Write(BrokerSettings.Default, port), TestContext.Current.CancellationToken);
        await using ChildProcess mosquitto = ChildProcess.Start(Tool.Require("mosquitto", "mosquitto"), ["-c", configuration]);
        await AcceptsAsync(port);

        await AssertCleanAsync(load, port, mosquitto.Id);
        mosquitto.KillNow();
        File.Delete(configuration);
    }

    private static async Task AssertCleanAsync(string load, int port, int processId)
    {
        ToolRun run = await ToolRun.SucceedAsync(
        [
            "bench", .. load.Split(' '), "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture),
            "--broker-pid", processId.ToString(CultureInfo.InvariantCulture), "--progress", "none",
        ]);

        Assert.Empty(run.Errors);
        Assert.Contains(run.Output, line => line.StartsWith("broker      ", StringComparison.Ordinal));
        Assert.True(
            load.StartsWith("conn", StringComparison.Ordinal) || run.Output.Any(line => line.EndsWith(" 0 lost, 0 duplicated, 0 reordered", StringComparison.Ordinal)),
            run.ToString());
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AcceptsAsync(int port)
    {
        using CancellationTokenSource patience = Patience.Start();
        while (true)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return;
            }
            catch (SocketException) when (!patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
