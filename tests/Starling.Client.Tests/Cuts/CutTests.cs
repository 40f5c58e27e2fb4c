using System.Collections.Concurrent;
using Starling.Protocol;

namespace Starling.Client.Tests.Cuts;

/// <summary>The network breaks at every byte of an exchange, in both directions, from CONNECT on.</summary>
public sealed class CutTests
{
    private const byte First = 1;
    private const byte Second = 2;

    [Theory, InlineData(1), InlineData(2)]
    [Statement("MQTT-4.4.0-1")]
    public async Task A_published_message_arrives_wherever_the_network_breaks(int qos)
    {
        await EachCutAsync(
            (server, transport, client) =>
            {
                Task<PublishResult>[] publishes = [PublishAsync(client, qos, First), PublishAsync(client, qos, Second)];
                transport.Pump(() => Task.WhenAll(publishes).IsCompleted && server.IsQuiet, () => $"Taken: {string.Join(' ', server.Taken)}");
                return Task.WhenAll(publishes);
            },
            server => AssertArrived(qos, server.Taken));
    }

    [Theory, InlineData(1), InlineData(2)]
    [Statement("MQTT-4.3.3-10")]
    public async Task A_received_message_is_handed_out_wherever_the_network_breaks(int qos)
    {
        ConcurrentQueue<byte> handed = new();
        await EachCutAsync(
            async (server, transport, client) =>
            {
                handed.Clear();
                server.Send(qos, First);
                server.Send(qos, Second);
                MqttSubscription subscription = client.Subscribe("a", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce });
                Task reading = ReadAllAsync(subscription, handed);
                transport.Pump(() => server.IsQuiet && handed.Contains(Second), () => $"Handed out: {string.Join(' ', handed)}");
                Task ending = subscription.DisposeAsync().AsTask();
                transport.Pump(() => reading.IsCompleted, () => "The subscription does not end.");
                await reading;
            },
            _ => AssertArrived(qos, handed));
    }

    private static void AssertArrived(int qos, IEnumerable<byte> arrived)
    {
        if (qos == 2)
        {
            Assert.Equal([First, Second], arrived);
        }
        else
        {
            // Repeats are allowed, and only of the first and then the second again.
            Assert.Equal([First, Second], arrived.Distinct());
        }
    }

    private static async Task EachCutAsync(
        Func<SessionServer, CutTransport, MqttClient, Task> exchange, Action<SessionServer> assert)
    {
        CutTransport whole = await RunAsync(null, null, exchange, assert);
        Assert.Equal(1, whole.Connections);
        Assert.True(whole.BytesToServer > 30 && whole.BytesToClient > 10);
        for (int cut = 0; cut <= whole.BytesToServer; cut++)
        {
            await RunAsync(cut, null, exchange, assert);
        }

        for (int cut = 0; cut <= whole.BytesToClient; cut++)
        {
            await RunAsync(null, cut, exchange, assert);
        }
    }

    private static async Task<CutTransport> RunAsync(
        int? toServer, int? toClient, Func<SessionServer, CutTransport, MqttClient, Task> exchange, Action<SessionServer> assert)
    {
        SessionServer server = new();
        CutTransport transport = new(server) { CutToServer = toServer, CutToClient = toClient };
        MqttClientOptions options = MqttClientOptions.Parse("mqtt://server?clientId=c&connectTimeout=1h");
        options.Transport = transport;
        options.TimeProvider = transport.Time;
        options.InitialConnect = InitialConnect.RetryForever;
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(1);
        MqttClient client = new(options, new Random(1));
        Task<ServerInfo> connect = client.ConnectAsync().AsTask();
        try
        {
            await exchange(server, transport, client);
            assert(server);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"Cut at {toServer} to the server, at {toClient} to the client: {fault.Message}", fault);
        }

        Task dispose = client.DisposeAsync().AsTask();
        transport.Pump(() => dispose.IsCompleted && connect.IsCompleted, () => "The client does not end.");
        await dispose;
        return transport;
    }

    private static Task<PublishResult> PublishAsync(MqttClient client, int qos, byte payload) =>
        client.PublishAsync(new MqttMessage { Topic = "a", Payload = new[] { payload }, Qos = (QualityOfService)qos }).AsTask();

    private static async Task ReadAllAsync(MqttSubscription subscription, ConcurrentQueue<byte> handed)
    {
        await foreach (MqttDelivery delivery in subscription)
        {
            handed.Enqueue(delivery.Message.Payload.Span[0]);
        }
    }
}
