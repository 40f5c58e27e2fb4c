using System.Net;
using System.Net.Sockets;
using Starling.Transports;

namespace Starling.Hosting.Tests;

public sealed class StarlingBrokerTests
{
    private static readonly byte[] Connect = [0x10, 13, 0, 4, .. "MQTT"u8, 5, 2, 0, 0, 0, 0, 0];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LoopKind.Automatic)]
    [InlineData(LoopKind.Portable)]
    public async Task Client_can_connect_when_start_returns(LoopKind kind)
    {
        await using StarlingBroker broker = StarlingBroker.Start(OnFreePort() with { LoopKind = kind });

        using TcpClient client = await ConnectAsync(broker);

        Assert.Equal(0x20, (await ReadPacketAsync(client))[0]);
    }

    [Fact]
    public async Task Stop_tells_a_client_of_5_0_that_the_server_shuts_down()
    {
        await using StarlingBroker broker = StarlingBroker.Start(OnFreePort());
        using TcpClient client = await ConnectAsync(broker);
        await ReadPacketAsync(client);

        Task stopped = broker.StopAsync();

        byte[] disconnect = await ReadPacketAsync(client);
        Assert.Equal([0xE0, 0x8B], new[] { disconnect[0], disconnect[2] });
        client.Close();
        await stopped;
        Assert.True(broker.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Port_is_free_at_once_after_a_stop()
    {
        StarlingBroker first = StarlingBroker.Start(OnFreePort());
        IPEndPoint endPoint = first.EndPoints[0];
        await first.StopAsync();

        await using StarlingBroker second = StarlingBroker.Start(OnFreePort() with { Listeners = [new ListenerAddress(endPoint)] });

        Assert.Equal(endPoint, second.EndPoints[0]);
    }

    [Fact]
    public async Task Second_stop_ends_when_the_first_one_does()
    {
        StarlingBroker broker = StarlingBroker.Start(OnFreePort());

        await Task.WhenAll(broker.StopAsync(), broker.StopAsync());

        Assert.True(broker.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Busy_port_is_a_failure_that_names_the_address_and_what_to_do()
    {
        await using StarlingBroker broker = StarlingBroker.Start(OnFreePort());
        StarlingOptions same = OnFreePort() with { Listeners = [new ListenerAddress(broker.EndPoints[0])] };

        StarlingStartException refusal = Assert.Throws<StarlingStartException>(() => StarlingBroker.Start(same));

        Assert.Equal(StartFailure.Listener, refusal.Failure);
        Assert.Contains(broker.EndPoints[0].ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("choose another port", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_of_another_machine_is_a_failure_that_names_it()
    {
        StarlingOptions options = OnFreePort() with
        {
            Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0))],
            AllowAnonymous = AnonymousAccess.Everywhere,
        };

        StarlingStartException refusal = Assert.Throws<StarlingStartException>(() => StarlingBroker.Start(options));

        Assert.Equal(StartFailure.Listener, refusal.Failure);
        Assert.Contains("192.0.2.1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optional_listener_is_left_out_where_the_machine_has_no_such_address()
    {
        StarlingOptions options = OnFreePort() with
        {
            Listeners = [.. OnFreePort().Listeners, new ListenerAddress(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0), IsOptional: true)],
            AllowAnonymous = AnonymousAccess.Everywhere,
        };

        await using StarlingBroker broker = StarlingBroker.Start(options);

        Assert.Single(broker.EndPoints);
    }

    [Fact]
    public void Wrong_options_are_a_failure_of_the_configuration()
    {
        StarlingOptions options = OnFreePort() with { Loops = 0 };

        Assert.Equal(StartFailure.Configuration, Assert.Throws<StarlingStartException>(() => StarlingBroker.Start(options)).Failure);
    }

    [Fact]
    public async Task Listeners_that_take_a_free_port_take_the_same_one()
    {
        await using StarlingBroker broker = StarlingBroker.Start(OnFreePort() with { Listeners = ListenerAddress.Loopback(0) });

        Assert.Single(broker.EndPoints.Select(static e => e.Port).Distinct());
    }

    [Fact]
    public async Task Two_brokers_run_in_one_process()
    {
        await using StarlingBroker first = StarlingBroker.Start(OnFreePort());
        await using StarlingBroker second = StarlingBroker.Start(OnFreePort());

        using TcpClient client = await ConnectAsync(second);

        Assert.Equal(0x20, (await ReadPacketAsync(client))[0]);
    }

    private static StarlingOptions OnFreePort() => new()
    {
        Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
        Durability = Durability.Memory,
        Loops = 2,
        MemoryBudgetBytes = 32 << 20,
    };

    private static async Task<TcpClient> ConnectAsync(StarlingBroker broker)
    {
        TcpClient client = new();
        await client.ConnectAsync(broker.EndPoints[0], Cancelled);
        await client.GetStream().WriteAsync(Connect, Cancelled);
        return client;
    }

    // Packets shorter than 128 bytes only.
    private static async Task<byte[]> ReadPacketAsync(TcpClient client)
    {
        byte[] header = new byte[2];
        await client.GetStream().ReadExactlyAsync(header, Cancelled);
        byte[] body = new byte[header[1]];
        await client.GetStream().ReadExactlyAsync(body, Cancelled);
        return [.. header, .. body];
    }
}
