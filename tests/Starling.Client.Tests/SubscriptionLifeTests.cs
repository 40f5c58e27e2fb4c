using System.Runtime.CompilerServices;
using System.Text;
using Starling.Client.Core;
using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>What becomes of messages and of the server's subscriptions when subscriptions come and go.</summary>
public sealed class SubscriptionLifeTests : IDisposable
{
    private const string SessionPresent = "20 03 01 00 00";

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
    public void A_message_that_came_before_its_subscription_was_refused_does_not_hold_back_the_acknowledgements_of_others()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription other = Subscribe(client, "b");
        _transport.Server.Silent.Add(PacketType.Subscribe);
        MqttSubscription refused = client.Subscribe("a");
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Subscribe).Length == 2);
        string identifier = _transport.Server.Of(PacketType.Subscribe)[1].Substring(4, 4);

        _transport.ServerSends($"32 07 000161 0001 00 78 32 07 000162 0002 00 79 90 04 {identifier} 00 87");
        _transport.Pump(Read(other).AckAsync().AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 2);

        Assert.Equal(["40020001", "40020002"], _transport.Server.Of(PacketType.PubAck));
        Assert.True(refused.Ready.IsFaulted);
    }

    [Fact]
    public void A_server_that_sends_more_than_Receive_Maximum_is_not_disconnected_and_loses_nothing()
    {
        MqttClient client = _transport.Connected(options => options.ReceiveMaximum = 2);
        MqttSubscription subscription = Subscribe(client, "a");

        _transport.ServerSends(string.Concat(Enumerable.Range(1, 5).Select(static i => $"32 07 000161 000{i} 00 7{i}")));
        List<string> received = [];
        for (int i = 0; i < 5; i++)
        {
            MqttDelivery delivery = Read(subscription);
            received.Add(Text(delivery));
            _transport.Pump(delivery.AckAsync().AsTask());
        }

        Assert.Equal(["q", "r", "s", "t", "u"], received);
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 5);
        Assert.Empty(_transport.Server.Of(PacketType.Disconnect));
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

    [Fact]
    public void On_a_new_connection_UNSUBSCRIBE_leaves_before_the_SUBSCRIBE_of_the_same_filter()
    {
        MqttClient client = _transport.Connected();
        Task disposing = DisposeUnanswered(Subscribe(client, "a"));
        _transport.Cut();
        MqttSubscription newer = client.Subscribe("a");
        _transport.Server.Silent.Clear();
        _transport.Server.ConnAck = SessionPresent;

        _transport.Pump(newer.Ready);
        _transport.Pump(disposing);

        List<string> received = _transport.Server.Received;
        Assert.Equal(2, _transport.Server.Of(PacketType.Unsubscribe).Length);
        Assert.True(LastOf(received, "A2") < LastOf(received, "82"), string.Join(' ', received));
    }

    [Fact]
    public void An_UNSUBSCRIBE_that_was_not_answered_does_not_end_a_newer_subscription_that_was_granted()
    {
        MqttClient client = _transport.Connected();
        Task disposing = DisposeUnanswered(Subscribe(client, "a"));
        Subscribe(client, "a");
        _transport.Server.Silent.Clear();
        _transport.Server.ConnAck = SessionPresent;

        _transport.Cut();
        _transport.Pump(disposing);
        _transport.PumpUntil(() => _transport.Connections == 2 && client.State == ConnectionState.Connected);
        _transport.PumpOnce();

        Assert.Single(_transport.Server.Of(PacketType.Unsubscribe));
    }

    [Fact]
    public void What_comes_while_UNSUBACK_is_awaited_is_acknowledged_at_once()
    {
        MqttClient client = _transport.Connected();
        DropEvent? told = null;
        client.MessageDropped += (_, drop) => told = drop;
        MqttSubscription other = Subscribe(client, "b");
        Task disposing = DisposeUnanswered(Subscribe(client, "a/+", new SubscribeOptions { ShareGroup = "g" }));

        _transport.ServerSends("32 09 0003612F63 0001 00 78 32 07 000162 0002 00 79");
        _transport.Pump(Read(other).AckAsync().AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 2);

        Assert.Equal(["40020001", "40020002"], _transport.Server.Of(PacketType.PubAck));
        _transport.PumpUntil(() => Volatile.Read(ref told) is { Reason: DropReason.SubscriptionDisposed, Messages: 1 });
        _transport.ServerSends($"B0 04 {_transport.Server.Of(PacketType.Unsubscribe)[0].Substring(4, 4)} 00 00");
        _transport.Pump(disposing);
    }

    [Fact]
    public void A_cancelled_reader_of_a_quiet_subscription_leaves_nothing_behind()
    {
        DeliveryQueue queue = new(1, Overflow.DropOldest);
        WeakReference reader = ReadAndCancel(queue);

        for (int i = 0; i < 100 && reader.IsAlive; i++)
        {
            Thread.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(reader.IsAlive);
        GC.KeepAlive(queue);
    }

    [Fact]
    public void What_is_put_back_after_the_client_gave_up_is_not_acknowledged_and_can_still_be_read()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce });
        Task<MqttDelivery> failedAfter = Subscribe(client, "b").ReadAsync().AsTask();
        TaskCompletionSource ended = new();
        int begun = 0;
        using CancellationTokenSource stop = new();
        Task run = subscription.ProcessAsync(
            async (_, _) =>
            {
                Volatile.Write(ref begun, begun + 1);
                await ended.Task;
            },
            new ProcessOptions { MaxConcurrency = 2 },
            stop.Token);
        _transport.ServerSends("34 07 000161 0001 00 78 34 07 000161 0002 00 79");
        _transport.PumpUntil(() => Volatile.Read(ref begun) == 1);
        _transport.Server.ConnAck = "20 03 00 87 00";
        _transport.Cut();
        Assert.Throws<MqttRejectedException>(() => _transport.Pump(failedAfter));
        stop.Cancel();
        ended.SetResult();
        Assert.Throws<MqttRejectedException>(() => _transport.Pump(run));
        Assert.Equal(1, begun);

        MqttDelivery left = Read(subscription);
        Assert.Equal("y", Text(left));
        _transport.PumpUntil(() => client.State == ConnectionState.Faulted);
        _transport.Server.ConnAck = SessionPresent;
        _transport.Pump(client.ConnectAsync().AsTask());
        _transport.ServerSends("3C 07 000161 0001 00 78 3C 07 000161 0002 00 79");
        _transport.PumpOnce();
        Assert.DoesNotContain("50020002", _transport.Server.Received);

        _transport.Pump(left.AckAsync().AsTask());
        _transport.PumpUntil(() => _transport.Server.Received.Contains("50020002"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ReadAndCancel(DeliveryQueue queue)
    {
        using CancellationTokenSource stop = new();
        Task<MqttDelivery?> read = queue.ReadAsync(stop.Token).AsTask();
        stop.Cancel();
        Assert.Throws<TaskCanceledException>(() => read.GetAwaiter().GetResult());
        return new WeakReference(stop);
    }

    private static string Text(MqttDelivery delivery) => Encoding.UTF8.GetString(delivery.Message.Payload.Span);

    private static int LastOf(List<string> received, string firstByte) =>
        received.FindLastIndex(packet => packet.StartsWith(firstByte, StringComparison.Ordinal));

    /// <summary>Disposes of a subscription; UNSUBSCRIBE gets no answer.</summary>
    private Task DisposeUnanswered(MqttSubscription subscription)
    {
        _transport.Server.Silent.Add(PacketType.Unsubscribe);
        Task disposing = subscription.DisposeAsync().AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Unsubscribe).Length == 1);
        return disposing;
    }

    private MqttSubscription Subscribe(MqttClient client, string filter, SubscribeOptions? options = null) =>
        _transport.Pump(client.SubscribeAsync(filter, options).AsTask());

    private MqttDelivery Read(MqttSubscription subscription) => _transport.Pump(subscription.ReadAsync().AsTask());
}
