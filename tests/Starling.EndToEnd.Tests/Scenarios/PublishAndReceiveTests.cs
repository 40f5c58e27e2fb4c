using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>Each client with itself: every QoS, every version.</summary>
public sealed class PublishAndReceiveTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    private const int MebiByte = 1 << 20;

    public static TheoryData<ForeignClient, Level> ClientsAndLevels =>
        new MatrixTheoryData<ForeignClient, Level>(ForeignClients.All, ForeignClients.Levels);

    public static TheoryData<ForeignClient, int> ClientsAndQos => new MatrixTheoryData<ForeignClient, int>(ForeignClients.All, [0, 1, 2]);

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task A_message_of_each_QoS_arrives_as_it_was_published(ForeignClient kind, Level level)
    {
        string topic = ForeignClients.NewName("pub/");
        await using IForeignClient subscriber = await ConnectAsync(kind, level);
        await using IForeignClient publisher = await ConnectAsync(kind, level);
        await subscriber.SubscribeAsync(topic + "/#", 2);

        for (int qos = 0; qos <= 2; qos++)
        {
            await publisher.PublishAsync(Message.Of($"{topic}/{qos}", $"grün {qos}", qos));
            Message received = await subscriber.ReceiveAsync();

            Assert.Equal(($"{topic}/{qos}", $"grün {qos}", qos, false), (received.Topic, received.Text, received.Qos, received.Retain));
        }
    }

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task The_QoS_of_the_subscription_caps_that_of_the_message(ForeignClient kind, Level level)
    {
        string topic = ForeignClients.NewName("cap/");
        await using IForeignClient subscriber = await ConnectAsync(kind, level);
        await using IForeignClient publisher = await ConnectAsync(kind, level);
        await subscriber.SubscribeAsync(topic, 1);

        for (int qos = 0; qos <= 2; qos++)
        {
            await publisher.PublishAsync(Message.Of(topic, "capped", qos));

            Assert.Equal(Math.Min(qos, 1), (await subscriber.ReceiveAsync()).Qos);
        }
    }

    [Theory, MemberData(nameof(ClientsAndQos))]
    public Task One_MiB_arrives_intact_in_3_1_1(ForeignClient kind, int qos) => CarryOneMebiByteAsync(kind, qos, Level.V311);

    [Theory, MemberData(nameof(ClientsAndQos))]
    public Task One_MiB_arrives_intact_in_5_0(ForeignClient kind, int qos) => CarryOneMebiByteAsync(kind, qos, Level.V50);

    private async Task CarryOneMebiByteAsync(ForeignClient kind, int qos, Level level)
    {
        string topic = ForeignClients.NewName("big/");
        byte[] payload = new byte[MebiByte];
        new Random(qos).NextBytes(payload);
        await using IForeignClient subscriber = await ConnectAsync(kind, level);
        await using IForeignClient publisher = await ConnectAsync(kind, level);
        await subscriber.SubscribeAsync(topic, qos);

        await publisher.PublishAsync(new Message(topic, payload) { Qos = qos });

        byte[] received = (await subscriber.ReceiveAsync()).Payload;
        Assert.True(payload.AsSpan().SequenceEqual(received), "The payload has changed.");
    }

    private Task<IForeignClient> ConnectAsync(ForeignClient kind, Level level) =>
        ForeignClients.ConnectAsync(kind, new ConnectSettings(broker.Port, level, ForeignClients.NewName("pr-")));
}
