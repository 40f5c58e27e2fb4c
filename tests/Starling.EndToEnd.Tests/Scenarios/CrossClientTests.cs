using System.Text;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>Every client publishes to every other one.</summary>
public sealed class CrossClientTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    public static TheoryData<ForeignClient, ForeignClient> Pairs =>
        new MatrixTheoryData<ForeignClient, ForeignClient>(ForeignClients.All, ForeignClients.All);

    public static TheoryData<Level, Level> LevelPairs => new MatrixTheoryData<Level, Level>(ForeignClients.Levels, ForeignClients.Levels);

    [Theory, MemberData(nameof(Pairs))]
    public async Task Messages_with_their_properties_pass_between_any_two_clients(ForeignClient from, ForeignClient to)
    {
        string topic = ForeignClients.NewName("x/");
        await using IForeignClient subscriber = await ConnectAsync(to, Level.V50);
        await using IForeignClient publisher = await ConnectAsync(from, Level.V50);
        await subscriber.SubscribeAsync(topic, 2);

        for (int qos = 0; qos <= 2; qos++)
        {
            Message sent = Message.Of(topic, $"{from} to {to}", qos) with
            {
                ResponseTopic = topic + "/answers",
                CorrelationData = Encoding.ASCII.GetBytes($"question-{qos}"),
                ContentType = "text/plain",
                UserProperties = [new("b", "1"), new("a", "2")],
            };
            await publisher.PublishAsync(sent);
            Message received = await subscriber.ReceiveAsync();

            Assert.Equal(
                (sent.Text, qos, sent.ResponseTopic, sent.ContentType),
                (received.Text, received.Qos, received.ResponseTopic, received.ContentType));
            Assert.Equal(sent.CorrelationData, received.CorrelationData);
            Assert.Equal(sent.UserProperties, received.UserProperties);
        }
    }

    [Theory, MemberData(nameof(LevelPairs))]
    public async Task Versions_mix(Level from, Level to)
    {
        foreach (ForeignClient sender in (ForeignClient[])[ForeignClient.Paho, ForeignClient.MqttNet])
        {
            string topic = ForeignClients.NewName("v/");
            await using IForeignClient subscriber = await ConnectAsync(ForeignClient.MqttJs, to);
            await using IForeignClient publisher = await ConnectAsync(sender, from);
            await subscriber.SubscribeAsync(topic, 2);

            for (int qos = 0; qos <= 2; qos++)
            {
                await publisher.PublishAsync(Message.Of(topic, "mixed", qos) with { UserProperties = [new("k", "v")] });
                Message received = await subscriber.ReceiveAsync();

                bool carriesProperties = from == Level.V50 && to == Level.V50;
                Assert.Equal(("mixed", qos, carriesProperties ? 1 : 0), (received.Text, received.Qos, received.UserProperties.Count));
            }
        }
    }

    [Fact]
    public async Task Repeated_user_properties_keep_their_order()
    {
        string topic = ForeignClients.NewName("up/");
        await using IForeignClient subscriber = await ConnectAsync(ForeignClient.Paho, Level.V50);
        await using IForeignClient publisher = await ConnectAsync(ForeignClient.MqttNet, Level.V50);
        await subscriber.SubscribeAsync(topic, 1);
        KeyValuePair<string, string>[] properties = [new("k", "2"), new("a", ""), new("k", "1"), new("", "empty"), new("ü", "日本")];

        await publisher.PublishAsync(Message.Of(topic, "p", qos: 1) with { UserProperties = properties });

        Assert.Equal(properties, (await subscriber.ReceiveAsync()).UserProperties);
    }

    private Task<IForeignClient> ConnectAsync(ForeignClient kind, Level level) =>
        ForeignClients.ConnectAsync(kind, new ConnectSettings(broker.Port, level, ForeignClients.NewName("xc-")));
}
