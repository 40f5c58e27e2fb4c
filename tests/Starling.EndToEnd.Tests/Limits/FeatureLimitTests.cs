using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Wire;

namespace Starling.EndToEnd.Tests.Limits;

/// <summary>
/// Features that can be switched off (MaximumQos, RetainAvailable, WildcardsAvailable, SharedAvailable), and SubscriptionsPerSessionMax.
/// </summary>
public sealed class FeatureLimitTests
{
    private const int QuotaExceeded = 0x97;
    private const int RetainNotSupported = 0x9A;
    private const int QosNotSupported = 0x9B;
    private const int SharedNotSupported = 0x9E;
    private const int WildcardsNotSupported = 0xA2;

    public static TheoryData<Level> Levels => [Level.V31, Level.V311, Level.V50];

    [Theory]
    [InlineData("MaximumQos", "1", Property.MaximumQosId, 1)]
    [InlineData("MaximumQos", "0", Property.MaximumQosId, 0)]
    [InlineData("RetainAvailable", "false", Property.RetainAvailableId, 0)]
    [InlineData("WildcardsAvailable", "false", Property.WildcardsAvailableId, 0)]
    [InlineData("SharedAvailable", "false", Property.SharedAvailableId, 0)]
    public async Task What_is_not_available_is_announced(string key, string value, int property, int announced)
    {
        await using BrokerProcess broker = await StartAsync(key, value);
        (WireClient client, ReceivedPacket connAck) = await WireClient.ConnectFullyAsync(broker.Port, ConnectFields.New(Level.V50));
        await using WireClient opened = client;

        Assert.Equal(announced, connAck.Number(property));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_message_above_the_maximum_QoS_ends_the_connection_with_0x9B(Level level)
    {
        await using BrokerProcess broker = await StartAsync("MaximumQos", "1");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));
        await client.PublishAsync(Message.Of("t", "fits", qos: 1), identifier: 1);
        await client.ExpectAsync(PacketKind.PubAck);

        await client.PublishAsync(Message.Of("t", "too high", qos: 2), identifier: 2);

        await client.AssertEndedAsync(QosNotSupported);
        await BrokerLog.AssertOneViolationAsync(broker, client.ClientIdentifier, QosNotSupported);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_subscription_is_granted_the_maximum_QoS_at_most(Level level)
    {
        await using BrokerProcess broker = await StartAsync("MaximumQos", "1");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        Assert.Equal([1, 1, 0], await client.SubscribeAsync(("a", 2), ("b", 1), ("c", 0)));
    }

    [Fact]
    public async Task A_will_above_the_maximum_QoS_is_refused_with_0x9B()
    {
        await using BrokerProcess broker = await StartAsync("MaximumQos", "1");
        ConnectFields fields = ConnectFields.New(Level.V50) with { Will = Message.Of("w", "w", qos: 2) };
        (WireClient client, ReceivedPacket? connAck) = await WireClient.TryConnectAsync(broker.Port, fields);
        await using WireClient opened = client;

        Assert.Equal((PacketKind.ConnAck, QosNotSupported), (connAck?.Kind, connAck?.Reason));
        Assert.Null(await client.ReadAsync());
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_retained_message_ends_the_connection_with_0x9A_when_they_are_not_available(Level level)
    {
        await using BrokerProcess broker = await StartAsync("RetainAvailable", "false");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        await client.PublishAsync(Message.Of("t", "keep me", qos: 1, retain: true), identifier: 1);

        await client.AssertEndedAsync(RetainNotSupported);
        await BrokerLog.AssertOneViolationAsync(broker, client.ClientIdentifier, RetainNotSupported);
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_wildcard_filter_is_refused_with_0xA2_when_they_are_not_available(Level level)
    {
        await using BrokerProcess broker = await StartAsync("WildcardsAvailable", "false");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        await client.AssertLastIsRefusedAsync(WildcardsNotSupported, [0, 1], ("a/b", 0), ("a/c", 1), ("a/#", 0));
    }

    [Theory, InlineData(Level.V311), InlineData(Level.V50)]
    public async Task A_shared_subscription_is_refused_with_0x9E_when_they_are_not_available(Level level)
    {
        await using BrokerProcess broker = await StartAsync("SharedAvailable", "false");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        await client.AssertLastIsRefusedAsync(SharedNotSupported, [0], ("a", 0), ("$share/g/a", 0));
    }

    [Theory, MemberData(nameof(Levels))]
    public async Task A_subscription_above_the_limit_of_the_session_is_refused_with_0x97(Level level)
    {
        await using BrokerProcess broker = await StartAsync("SubscriptionsPerSessionMax", "3");
        await using WireClient client = await WireClient.ConnectAsync(broker.Port, ConnectFields.New(level));

        await client.AssertLastIsRefusedAsync(QuotaExceeded, [0, 1, 0], ("a", 0), ("b", 1), ("c", 0), ("d", 0));
        if (level == Level.V31)
        {
            return;
        }

        Assert.Equal([1], await client.SubscribeAsync(("a", 1))); // replaces its own
        await client.SendAsync(PacketBytes.Unsubscribe(level, 2, "a"));
        await client.ExpectAsync(PacketKind.UnsubAck);
        Assert.Equal([0], await client.SubscribeAsync(("d", 0)));
    }

    private static Task<BrokerProcess> StartAsync(string key, string value) =>
        BrokerProcess.StartAsync(BrokerSettings.Default.With("Limits:" + key, value));
}
