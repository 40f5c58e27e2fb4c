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

    private MqttSubscription Subscribe(MqttClient client, string filter, SubscribeOptions? options = null) =>
        _transport.Pump(client.SubscribeAsync(filter, options).AsTask());

    private MqttDelivery Read(MqttSubscription subscription) => _transport.Pump(subscription.ReadAsync().AsTask());
}
