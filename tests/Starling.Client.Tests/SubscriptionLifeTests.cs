using System.Text;
using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>What becomes of messages and of the server's subscriptions when subscriptions come and go.</summary>
public sealed class SubscriptionLifeTests : IDisposable
{
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Theory]
    [InlineData("32", "40", PacketType.PubAck), InlineData("34", "50", PacketType.PubRec)]
    public void A_message_for_a_subscription_that_is_being_disposed_does_not_hold_back_the_acknowledgements_of_others(
        string publish, string answer, PacketType type)
    {
        MqttClient client = _transport.Connected();
        DropEvent? told = null;
        client.MessageDropped += (_, drop) => told = drop;
        MqttSubscription disposed = Subscribe(client, "a");
        MqttSubscription other = Subscribe(client, "b");

        Task disposing = disposed.DisposeAsync().AsTask();
        _transport.ServerSends($"{publish} 07 000161 0001 00 78 {publish} 07 000162 0002 00 79");
        _transport.Pump(Read(other).AckAsync().AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(type).Length == 2);

        Assert.Equal([answer + "020001", answer + "020002"], _transport.Server.Of(type));
        _transport.PumpUntil(() => Volatile.Read(ref told) is { Reason: DropReason.SubscriptionDisposed, Messages: 1 } drop && drop.Subscription == disposed);
        _transport.Pump(disposing);
    }

    [Fact]
    public void Two_subscriptions_with_the_same_filter_both_get_what_the_server_sends_once()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription one = Subscribe(client, "a");
        MqttSubscription two = Subscribe(client, "a", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce });

        // The later SUBSCRIBE has replaced the earlier one at the server, identifier and all.
        string identifier = _transport.Server.Of(PacketType.Subscribe)[1].Substring(12, 2);
        _transport.ServerSends($"30 07 000161 02 0B{identifier} 78");

        Assert.Equal("xx", Text(Read(two)) + Text(Read(one)));
    }

    private static string Text(MqttDelivery delivery) => Encoding.UTF8.GetString(delivery.Message.Payload.Span);

    private MqttSubscription Subscribe(MqttClient client, string filter, SubscribeOptions? options = null) =>
        _transport.Pump(client.SubscribeAsync(filter, options).AsTask());

    private MqttDelivery Read(MqttSubscription subscription) => _transport.Pump(subscription.ReadAsync().AsTask());
}
