using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Starling.Broker;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Testing.Tests;

public sealed class MqttTestBrokerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_client_publishes_another_one_gets()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient publisher = await broker.ConnectAsync("publisher", Stop);
        await using MqttClient subscriber = await broker.ConnectAsync("subscriber", Stop);
        MqttSubscription<int> numbers = await subscriber.SubscribeAsync<int>("numbers/+", ct: Stop);

        await publisher.PublishAsync("numbers/one", 1, ct: Stop);
        await publisher.PublishAsync("numbers/two", 2, new PublishOptions { Qos = QualityOfService.ExactlyOnce }, Stop);

        Assert.Equal(1, (await ReadAsync(numbers.ReadAsync(Stop))).Value);
        Assert.Equal(2, (await ReadAsync(numbers.ReadAsync(Stop))).Value);
    }

    [Fact]
    public async Task A_cut_is_noticed_and_mended_and_the_session_goes_on()
    {
        FakeTimeProvider time = new();
        await using MqttTestBroker broker = new(new MqttTestBrokerOptions { TimeProvider = time });
        await using MqttClient client = await broker.ConnectAsync("client", Stop);
        using ConnectionWatch watch = new(client);
        MqttSubscription<string> texts = await client.SubscribeAsync<string>("texts", ct: Stop);

        broker.CutConnections();
        await watch.WaitForAsync(ConnectionState.Reconnecting, time);
        await watch.WaitForAsync(ConnectionState.Connected, time);
        await client.PublishAsync("texts", "after", ct: Stop);

        Assert.True(client.Server?.SessionPresent);
        Assert.Equal("after", (await ReadAsync(texts.ReadAsync(Stop))).Value);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_broker_that_stops_and_starts_keeps_its_state_when_told_to(bool keepsState)
    {
        FakeTimeProvider time = new();
        await using MqttTestBroker broker = new(new MqttTestBrokerOptions { TimeProvider = time, KeepsState = keepsState });
        await using MqttClient client = await broker.ConnectAsync("client", Stop);
        using ConnectionWatch watch = new(client);
        MqttSubscription<string> texts = await client.SubscribeAsync<string>("texts", ct: Stop);
        await client.PublishAsync("kept", "retained", new PublishOptions { Retain = true }, Stop);

        await broker.StopAsync();
        Assert.False(broker.IsRunning);
        await watch.WaitForAsync(ConnectionState.Reconnecting, time);
        broker.Start();
        await watch.WaitForAsync(ConnectionState.Connected, time);
        await client.PublishAsync("texts", "after", ct: Stop);

        Assert.Equal(keepsState, client.Server?.SessionPresent);
        Assert.Equal("after", (await ReadAsync(texts.ReadAsync(Stop))).Value);
        MqttSubscription<string> kept = await client.SubscribeAsync<string>("kept", ct: Stop);
        await client.PublishAsync("kept", "last", ct: Stop);
        Assert.Equal(keepsState ? "retained" : "last", (await ReadAsync(kept.ReadAsync(Stop))).Value);
    }

    [Fact]
    public async Task Nobody_connects_to_a_stopped_broker()
    {
        await using MqttTestBroker broker = new();
        await broker.StopAsync();

        MqttConnectException fault = await Assert.ThrowsAsync<MqttConnectException>(async () => await broker.ConnectAsync("client", Stop));

        Assert.Equal((ConnectStage.Tcp, SocketError.ConnectionRefused), (fault.Stage, Assert.IsType<SocketException>(fault.InnerException).SocketErrorCode));
    }

    [Fact]
    public async Task An_hour_of_virtual_time_passes_at_once_and_keep_alive_keeps_the_connection()
    {
        FakeTimeProvider time = new();
        await using MqttTestBroker broker = new(new MqttTestBrokerOptions { TimeProvider = time });
        await using MqttClient client = await broker.ConnectAsync("client", Stop);
        using ConnectionWatch watch = new(client);
        await client.PublishAsync("kept", "short", new PublishOptions { Retain = true, Expiry = TimeSpan.FromMinutes(1) }, Stop);

        time.Advance(TimeSpan.FromHours(1));
        MqttSubscription<string> texts = await client.SubscribeAsync<string>("kept", ct: Stop);
        await client.PublishAsync("kept", "fresh", ct: Stop);

        Assert.Equal("fresh", (await ReadAsync(texts.ReadAsync(Stop))).Value);
        Assert.Equal((ConnectionState.Connected, 1), (client.State, broker.Connections));
        Assert.False(watch.Saw(ConnectionState.Reconnecting));
    }

    [Fact]
    public async Task The_options_of_the_broker_are_in_force()
    {
        await using MqttTestBroker broker = new(new MqttTestBrokerOptions { Broker = new BrokerOptions { MaximumQos = QualityOfService.AtMostOnce, Shards = 2 } });

        await using MqttClient client = await broker.ConnectAsync(ct: Stop);

        Assert.Equal(QualityOfService.AtMostOnce, client.Server?.MaximumQos);
    }

    [Fact]
    public async Task A_subscriber_that_reads_slowly_gets_everything()
    {
        const int Messages = 200;
        await using MqttTestBroker broker = new();
        await using MqttClient publisher = await broker.ConnectAsync("publisher", Stop);
        await using MqttClient subscriber = await broker.ConnectAsync("subscriber", Stop);
        SubscribeOptions options = new() { Buffer = 10, Overflow = Overflow.Wait };
        MqttSubscription<byte[]> subscription = await subscriber.SubscribeAsync<byte[]>("big", options, Stop);
        for (int i = 0; i < Messages; i++)
        {
            await publisher.PublishAsync("big", BitConverter.GetBytes(i).Concat(new byte[996]).ToArray(), new PublishOptions { Qos = QualityOfService.AtMostOnce }, Stop);
        }

        for (int i = 0; i < Messages; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32((await ReadAsync(subscription.ReadAsync(Stop))).Value));
        }

        Assert.Equal(0, subscription.Dropped);
    }

    [Fact]
    public async Task Options_serve_one_client()
    {
        await using MqttTestBroker broker = new();
        MqttClientOptions options = broker.CreateClientOptions();
        await using MqttClient first = await MqttClient.ConnectAsync(options, Stop);
        await using MqttClient second = new(options);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.ConnectAsync(Stop));
    }

    private static async Task<T> ReadAsync<T>(ValueTask<T> read) => await read.AsTask().WaitAsync(Limit, Stop);

    /// <summary>The states that a client went through, which are waited for while virtual time passes.</summary>
    private sealed class ConnectionWatch : IDisposable
    {
        private readonly MqttClient _client;
        private readonly BlockingCollection<ConnectionState> _states = [];

        public ConnectionWatch(MqttClient client)
        {
            _client = client;
            client.ConnectionChanged += Add;
        }

        public bool Saw(ConnectionState state) => _states.Contains(state);

        public async Task WaitForAsync(ConnectionState wanted, FakeTimeProvider time)
        {
            for (long begun = TimeProvider.System.GetTimestamp(); ;)
            {
                if (_states.TryTake(out ConnectionState state, TimeSpan.FromMilliseconds(1)))
                {
                    if (state == wanted)
                    {
                        return;
                    }
                }
                else
                {
                    time.Advance(TimeSpan.FromMilliseconds(100));
                    await Task.Yield();
                }

                Assert.True(TimeProvider.System.GetElapsedTime(begun) < Limit, $"The client never was {wanted}.");
            }
        }

        public void Dispose()
        {
            _client.ConnectionChanged -= Add;
            _states.Dispose();
        }

        private void Add(object? sender, ConnectionEvent change) => _states.Add(change.State);
    }
}
