using System.Net;
using System.Net.Sockets;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Serving;

/// <summary>The broker stops cleanly on SIGTERM and SIGINT.</summary>
public sealed class StopTests
{
    private const int ServerShuttingDown = 0x8B;

    public static TheoryData<int> Signals => [ChildProcess.Terminate, ChildProcess.Interrupt];

    [Theory, MemberData(nameof(Signals))]
    public async Task Clients_are_told_the_exit_code_is_0_and_the_port_is_free_at_once(int signal)
    {
        BrokerProcess.RequireStarling("mosquitto 2.0.11 closes without DISCONNECT.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        await using WireClient client50 = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V50));
        await using WireClient client311 = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V311));
        await using WireClient client31 = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V31));

        broker.Signal(signal);

        await client50.AssertEndedAsync(ServerShuttingDown);
        await client311.AssertEndedAsync(ServerShuttingDown);
        await client31.AssertEndedAsync(ServerShuttingDown);
        Assert.Equal(0, await broker.WaitForExitAsync());
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, broker.Port));
        listener.Listen();
    }

    [Fact]
    public async Task A_client_that_reads_nothing_does_not_delay_the_stop()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        await using WireClient deaf = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V50));
        await using WireClient publisher = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(Level.V50));
        await deaf.SubscribeAsync(("flood", 0));
        for (int number = 0; number < 16; number++)
        {
            await publisher.PublishAsync(new Message("flood", new byte[1 << 20]));
        }

        await publisher.PingAsync();

        Assert.Equal(0, await broker.StopAsync());
    }
}
