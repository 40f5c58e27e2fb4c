using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>A session that outlives its connection keeps its subscriptions and what was published meanwhile.</summary>
public sealed class PersistentSessionTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    private const int Messages = 50;

    public static TheoryData<ForeignClient, Level> ClientsAndLevels =>
        new MatrixTheoryData<ForeignClient, Level>(ForeignClients.All, ForeignClients.Levels);

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task Messages_of_QoS_1_and_2_published_meanwhile_arrive_in_order_after_the_return(ForeignClient kind, Level level)
    {
        BrokerProcess.SkipForMosquitto(
            (kind, level) == (ForeignClient.Mosquitto, Level.V50), "mosquitto 2.0.11 exceeds mosquitto_sub's Receive Maximum at QoS 2.");
        string topic = ForeignClients.NewName("off/");
        ConnectSettings settings = new ConnectSettings(broker.Port, level, ForeignClients.NewName("ps-")).Persistent();
        await using (IForeignClient first = await ForeignClients.ConnectAsync(kind, settings))
        {
            await first.SubscribeAsync(topic, 2);
            await first.DisconnectAsync();
        }

        await PublishAsync(level, topic);

        await using IForeignClient second = ForeignClients.Create(kind);
        bool? present = await second.ConnectAsync(settings);
        if (kind == ForeignClient.Mosquitto)
        {
            await second.SubscribeAsync(topic, 2); // mosquitto_sub connects when it subscribes
        }

        Assert.NotEqual(false, present);
        var received = new List<(string Text, int Qos)>();
        while (received.Count < Messages)
        {
            Message message = await second.ReceiveAsync();
            received.Add((message.Text, message.Qos));
        }

        // A client hands over a message of QoS 2 only at PUBREL, so only messages of the same QoS keep their order for certain.
        Assert.Equal(Published(qos: 1), received.Where(m => m.Qos == 1));
        Assert.Equal(Published(qos: 2), received.Where(m => m.Qos == 2));
    }

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task A_clean_start_ends_the_old_session(ForeignClient kind, Level level)
    {
        string topic = ForeignClients.NewName("cln/");
        var clean = new ConnectSettings(broker.Port, level, ForeignClients.NewName("pc-"));
        await using (IForeignClient first = await ForeignClients.ConnectAsync(kind, clean.Persistent()))
        {
            await first.SubscribeAsync(topic, 1);
            await first.DisconnectAsync();
        }

        await PublishAsync(level, topic);

        await using IForeignClient second = ForeignClients.Create(kind);
        Assert.NotEqual(true, await second.ConnectAsync(clean));
        await second.SubscribeAsync(topic, 1);
        await using IForeignClient publisher = await ConnectPublisherAsync(level);
        await publisher.PublishAsync(Message.Of(topic, "new", qos: 1));
        Assert.Equal("new", (await second.ReceiveAsync()).Text);
    }

    private static IEnumerable<(string Text, int Qos)> Published(int qos) =>
        Enumerable.Range(0, Messages).Where(number => 1 + (number % 2) == qos).Select(number => (number.ToString(), qos));

    private async Task PublishAsync(Level level, string topic)
    {
        await using IForeignClient publisher = await ConnectPublisherAsync(level);
        for (int number = 0; number < Messages; number++)
        {
            await publisher.PublishAsync(Message.Of(topic, number.ToString(), qos: 1 + (number % 2)));
        }
    }

    private Task<IForeignClient> ConnectPublisherAsync(Level level) =>
        ForeignClients.ConnectAsync(ForeignClient.MqttNet, new ConnectSettings(broker.Port, level, ForeignClients.NewName("pp-")));
}
