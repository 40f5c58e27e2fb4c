using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>The Will of a client that dies is published, that of a client that says goodbye is not.</summary>
public sealed class WillTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    public static TheoryData<ForeignClient, Level> ClientsAndLevels =>
        new MatrixTheoryData<ForeignClient, Level>(ForeignClients.All, ForeignClients.Levels);

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task The_will_is_published_when_the_connection_breaks(ForeignClient kind, Level level)
    {
        string topic = ForeignClients.NewName("will/");
        await using IForeignClient observer = await ObserveAsync(level, topic);
        await using IForeignClient client = await ConnectWithWillAsync(kind, level, topic);

        await client.AbortAsync();

        Message will = await observer.ReceiveAsync();
        Assert.Equal((topic, "gone", 1), (will.Topic, will.Text, will.Qos));
    }

    [Fact]
    public async Task The_will_is_published_when_DISCONNECT_asks_for_it()
    {
        string topic = ForeignClients.NewName("will/");
        await using IForeignClient observer = await ObserveAsync(Level.V50, topic);
        await using IForeignClient client = await ConnectWithWillAsync(ForeignClient.Mosquitto, Level.V50, topic);

        await client.DisconnectAsync(); // in 5.0 mosquitto_sub ends with Disconnect with Will Message

        Assert.Equal("gone", (await observer.ReceiveAsync()).Text);
    }

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task The_will_is_not_published_after_DISCONNECT(ForeignClient kind, Level level)
    {
        Assert.SkipWhen(
            (kind, level) == (ForeignClient.Mosquitto, Level.V50), "In 5.0 mosquitto_sub asks for its Will when it disconnects.");
        string topic = ForeignClients.NewName("will/");
        await using IForeignClient observer = await ObserveAsync(level, topic);
        await using IForeignClient client = await ConnectWithWillAsync(kind, level, topic);

        await client.DisconnectAsync();

        await using IForeignClient marker = await ForeignClients.ConnectAsync(
            ForeignClient.MqttNet, new ConnectSettings(broker.Port, level, ForeignClients.NewName("wm-")));
        await marker.PublishAsync(Message.Of(topic, "marker", qos: 1));
        Assert.Equal("marker", (await observer.ReceiveAsync()).Text);
    }

    private async Task<IForeignClient> ConnectWithWillAsync(ForeignClient kind, Level level, string topic)
    {
        var settings = new ConnectSettings(broker.Port, level, ForeignClients.NewName("wi-")) { Will = Message.Of(topic, "gone", qos: 1) };
        IForeignClient client = await ForeignClients.ConnectAsync(kind, settings);
        await client.SubscribeAsync(topic + "/own", 0);
        return client;
    }

    private async Task<IForeignClient> ObserveAsync(Level level, string topic)
    {
        IForeignClient observer = await ForeignClients.ConnectAsync(
            ForeignClient.MqttNet, new ConnectSettings(broker.Port, level, ForeignClients.NewName("wo-")));
        await observer.SubscribeAsync(topic, 1);
        return observer;
    }
}
