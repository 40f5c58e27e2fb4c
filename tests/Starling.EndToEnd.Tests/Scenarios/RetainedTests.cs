using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Scenarios;

/// <summary>Retained messages are set, replaced and cleared.</summary>
public sealed class RetainedTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    public static TheoryData<ForeignClient, Level> ClientsAndLevels =>
        new MatrixTheoryData<ForeignClient, Level>(ForeignClients.All, ForeignClients.Levels);

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task A_retained_message_awaits_later_subscribers_until_it_is_replaced_or_cleared(ForeignClient kind, Level level)
    {
        string topic = ForeignClients.NewName("ret/");
        await using IForeignClient publisher = await ConnectAsync(kind, level);

        await publisher.PublishAsync(Message.Of(topic + "/a", "first", qos: 1, retain: true));
        Assert.Equal(("first", true), await FirstOfNewSubscriberAsync(kind, level, topic, publisher));

        await publisher.PublishAsync(Message.Of(topic + "/a", "second", qos: 1, retain: true));
        Assert.Equal(("second", true), await FirstOfNewSubscriberAsync(kind, level, topic, publisher));

        await publisher.PublishAsync(Message.Of(topic + "/a", "", qos: 1, retain: true));
        Assert.Equal(("marker", false), await FirstOfNewSubscriberAsync(kind, level, topic, publisher));
    }

    [Theory, MemberData(nameof(ClientsAndLevels))]
    public async Task A_standing_subscriber_gets_it_without_the_retain_flag(ForeignClient kind, Level level)
    {
        string topic = ForeignClients.NewName("ret/");
        await using IForeignClient subscriber = await ConnectAsync(kind, level);
        await using IForeignClient publisher = await ConnectAsync(kind, level);
        await subscriber.SubscribeAsync(topic, 1);

        await publisher.PublishAsync(Message.Of(topic, "live", qos: 1, retain: true));

        Assert.False((await subscriber.ReceiveAsync()).Retain);
    }

    /// <summary>What a new subscriber gets first; a marker published after SUBACK shows that there was nothing before it.</summary>
    private async Task<(string Text, bool Retain)> FirstOfNewSubscriberAsync(
        ForeignClient kind, Level level, string topic, IForeignClient publisher)
    {
        await using IForeignClient subscriber = await ConnectAsync(kind, level);
        await subscriber.SubscribeAsync(topic + "/#", 1);
        await publisher.PublishAsync(Message.Of(topic + "/marker", "marker", qos: 1));
        Message first = await subscriber.ReceiveAsync();
        return (first.Text, first.Retain);
    }

    private Task<IForeignClient> ConnectAsync(ForeignClient kind, Level level) =>
        ForeignClients.ConnectAsync(kind, new ConnectSettings(broker.Port, level, ForeignClients.NewName("re-")));
}
