using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Starling.Client.Core;
using Starling.Hosting;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Client.Tests.Connecting;

/// <summary>Against the real broker in this process.</summary>
public sealed class RealBrokerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("starling-client-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Two_clients_with_one_identifier_do_not_take_the_session_from_each_other_for_ever()
    {
        await using StarlingBroker broker = Start(isDurable: false);
        ConcurrentQueue<ConnectionState> states = new();
        await using MqttClient first = new(OptionsFor(broker, "same"));
        await using MqttClient second = new(OptionsFor(broker, "same"));
        second.ConnectionChanged += (_, change) => states.Enqueue(change.State);
        await first.ConnectAsync(StageServer.Timeout);

        await second.ConnectAsync(StageServer.Timeout);
        await UntilAsync(() => first.State == ConnectionState.Faulted);

        // Longer than the first delays of a client that would come back.
        for (int i = 0; i < 20; i++)
        {
            await second.PublishAsync(new MqttMessage { Topic = "a" }, StageServer.Timeout);
            await UntilAsync(() => true);
        }

        MqttNotConnectedException fault = await Assert.ThrowsAsync<MqttNotConnectedException>(
            () => first.PublishAsync(new MqttMessage { Topic = "a" }, StageServer.Timeout).AsTask());
        Assert.Equal(ReasonCode.SessionTakenOver, fault.Reason);
        Assert.Equal([ConnectionState.Connecting, ConnectionState.Connected], states);
    }

    [Fact]
    public async Task Connecting_disconnecting_and_disposing_at_once_leave_a_client_that_is_closed()
    {
        await using StarlingBroker broker = Start(isDurable: false);
        for (int round = 0; round < 30; round++)
        {
            MqttClient client = new(OptionsFor(broker, null));
            Task[] calls =
            [
                .. Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
                {
                    Exception? fault = await Record.ExceptionAsync(() => (i % 4) switch
                    {
                        0 or 1 => client.ConnectAsync(StageServer.Timeout).AsTask(),
                        2 => client.DisconnectAsync(ct: StageServer.Timeout).AsTask(),
                        _ => round % 2 == 0 ? client.DisposeAsync().AsTask() : client.PublishAsync(new MqttMessage { Topic = "a", Qos = 0 }).AsTask(),
                    });
                    Assert.True(fault is null or ObjectDisposedException or MqttNotConnectedException, fault?.ToString());
                })),
            ];
            await Task.WhenAll(calls).WaitAsync(StageServer.Patience);
            await client.DisposeAsync().AsTask().WaitAsync(StageServer.Patience);
            Assert.Equal(ConnectionState.Closed, client.State);
        }
    }

    [Fact]
    public async Task A_server_that_restarts_under_load_loses_nothing_and_doubles_no_QoS_2()
    {
        const int Messages = 600;
        StarlingBroker broker = Start(isDurable: true);
        Moving network = new(() => broker.EndPoints[0]);
        Moving other = new(() => broker.EndPoints[0]);
        try
        {
            await using MqttClient subscriber = Client(other, "subscriber");
            await using MqttClient publisher = Client(network, "publisher");
            ConcurrentQueue<string> received = new();
            MqttSubscription subscription = subscriber.Subscribe("load/#", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce });
            await subscriber.ConnectAsync(StageServer.Timeout);
            await subscription.Ready.WaitAsync(StageServer.Patience);
            Task reading = ReadAsync(subscription, received);
            await publisher.ConnectAsync(StageServer.Timeout);

            List<Task> publishes = [];
            for (int i = 0; i < Messages; i++)
            {
                publishes.Add(publisher.PublishAsync(Message(i), StageServer.Timeout).AsTask());
                if (i is 200 or 400)
                {
                    await broker.StopAsync();
                    broker = Start(isDurable: true);
                    await UntilAsync(() => network.Connects > i / 200 && other.Connects > i / 200);
                }
            }

            await Task.WhenAll(publishes).WaitAsync(StageServer.Patience);
            await UntilAsync(() => received.Distinct().Count() == Messages);
            await subscription.DisposeAsync();
            await reading.WaitAsync(StageServer.Patience);

            string[] twice = [.. received.GroupBy(one => one).Where(one => one.Count() > 1 && int.Parse(one.Key, CultureInfo.InvariantCulture) % 2 == 1).Select(one => one.Key)];
            Assert.Empty(twice);
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    private static MqttMessage Message(int number) => new()
    {
        Topic = $"load/{number % 7}",
        Payload = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
        Qos = number % 2 == 1 ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce,
    };

    private static async Task ReadAsync(MqttSubscription subscription, ConcurrentQueue<string> received)
    {
        await foreach (MqttDelivery delivery in subscription)
        {
            received.Enqueue(Encoding.UTF8.GetString(delivery.Message.Payload.Span));
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        CancellationToken limit = StageServer.Timeout;
        using PeriodicTimer ticks = new(TimeSpan.FromMilliseconds(20));
        do
        {
            await ticks.WaitForNextTickAsync(limit);
        }
        while (!condition());
    }

    private static MqttClientOptions OptionsFor(StarlingBroker broker, string? clientId)
    {
        MqttClientOptions options = MqttClientOptions.Parse($"mqtt://{broker.EndPoints[0]}");
        options.ClientId = clientId;
        return options;
    }

    private static MqttClient Client(Moving network, string clientId)
    {
        MqttClientOptions options = MqttClientOptions.Parse("mqtt://somewhere");
        options.ClientId = clientId;
        options.Transport = network;
        options.InitialConnect = InitialConnect.RetryForever;
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(10);
        options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(50);
        return new MqttClient(options);
    }

    private StarlingBroker Start(bool isDurable) => StarlingBroker.Start(new StarlingOptions
    {
        Listeners = ListenerAddress.Loopback(0),
        Durability = isDurable ? Durability.Fsync : Durability.Memory,
        DataDirectory = isDurable ? _folder : null,
        SegmentBytes = 4 << 20,
    });

    /// <summary>A network in which the server's address is where the server is now.</summary>
    private sealed class Moving(Func<IPEndPoint> endPoint) : ITransportConnector
    {
        private readonly NetworkConnector _network = new(MqttClientOptions.Parse("mqtt://somewhere"));

        public int Connects { get; private set; }

        public void Start(ILoopClient client) => _network.Start(client);

        public async ValueTask ConnectAsync(Uri server, CancellationToken ct)
        {
            await _network.ConnectAsync(new Uri($"mqtt://{endPoint()}"), ct);
            Connects++;
        }

        public ValueTask DisposeAsync() => _network.DisposeAsync();
    }
}
