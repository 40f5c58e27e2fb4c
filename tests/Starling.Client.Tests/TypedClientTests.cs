using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>Typed subscriptions and publishes against the real broker in memory.</summary>
public sealed class TypedClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_arrive_as_their_type_with_the_names_of_the_template()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker);
        MqttSubscription<Order> orders = await client.SubscribeAsync<Order>(TopicFilter.Template("orders/{shop}/{*rest}"), ct: Stop);

        await client.PublishAsync("orders/7/a/b", new Order(1, "one"), new PublishOptions { UserProperties = [new("k", "v")] }, Stop);

        MqttDelivery<Order> delivery = await orders.ReadAsync(Stop).Bounded();
        Assert.Equal((new Order(1, "one"), "7", "a/b", "v"), (delivery.Value, delivery["shop"], delivery["rest"], delivery.Message.UserProperties["k"]));
    }

    [Fact]
    public async Task A_poison_payload_does_not_end_the_loop()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = await ConnectAsync(broker);
        MqttSubscription<Order> orders = await client.SubscribeAsync<Order>("orders", new SubscribeOptions { Ack = AckMode.Manual }, Stop);
        await client.PublishAsync("orders", "no order", ct: Stop);
        await client.PublishAsync("orders", new Order(1, "one"), ct: Stop);

        await foreach (MqttDelivery<Order> delivery in orders)
        {
            if (delivery.TryGetValue(out Order? order))
            {
                Assert.Equal(1, order.Id);
                await delivery.AckAsync(Stop);
                break;
            }

            Assert.Equal("orders", delivery.Message.Topic);
            Assert.Contains("orders", Assert.Throws<MqttSerializationException>(() => delivery.Value).Message, StringComparison.Ordinal);
            await delivery.RejectAsync(ReasonCode.PayloadFormatInvalid, "not an order", Stop);
        }
    }

    [Fact]
    public async Task A_type_that_nobody_knows_is_refused_before_anything_is_sent()
    {
        await using MqttTestBroker broker = new();
        await using MqttClient client = new(broker.CreateClientOptions("client"));

        Assert.Throws<MqttSerializationException>(() => client.Subscribe<Uri>("a"));
        await Assert.ThrowsAsync<MqttSerializationException>(async () => await client.PublishAsync("a", new Uri("mqtt://x"), ct: Stop));
        await Assert.ThrowsAsync<MqttSerializationException>(async () => await client.RequestAsync<string, Uri>("a", "x", ct: Stop));
    }

    [Fact]
    public async Task A_typed_loop_acknowledges_after_its_body_and_shares_its_enumerator()
    {
        await using MqttTestBroker broker = new();
        MqttClientOptions options = broker.CreateClientOptions("client");
        options.ReceiveMaximum = 1;
        await using MqttClient client = await MqttClient.ConnectAsync(options, Stop);
        MqttSubscription<int> numbers = await client.SubscribeAsync<int>("numbers", ct: Stop);
        await client.PublishAsync("numbers", 1, ct: Stop);
        await client.PublishAsync("numbers", 2, ct: Stop);

        List<int> seen = [];
        await foreach (MqttDelivery<int> delivery in numbers)
        {
            seen.Add(delivery.Value);
            await Assert.ThrowsAsync<InvalidOperationException>(() => numbers.Untyped.ProcessAsync((_, _) => ValueTask.CompletedTask, ct: Stop));
            if (seen.Count == 2)
            {
                break;
            }
        }

        Assert.Equal([1, 2], seen);
    }

    private static async Task<MqttClient> ConnectAsync(MqttTestBroker broker)
    {
        MqttClientOptions options = broker.CreateClientOptions("client");
        options.Serializers.Add(MqttJson.For(AppJson.Default));
        return await MqttClient.ConnectAsync(options, Stop);
    }
}
