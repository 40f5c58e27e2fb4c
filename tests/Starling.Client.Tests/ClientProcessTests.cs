using System.Text;
using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>What leaves on the wire when messages are handled, or refused.</summary>
public sealed class ClientProcessTests : IDisposable
{
    private static readonly string FailureText = Convert.ToHexString("The handler failed."u8);

    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Theory]
    [InlineData("32", "40", PacketType.PubAck), InlineData("34", "50", PacketType.PubRec)]
    public void A_refusal_carries_its_text(string publish, string answer, PacketType type)
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, new SubscribeOptions { Ack = AckMode.Manual, MaximumQos = QualityOfService.ExactlyOnce });
        _transport.ServerSends($"{publish} 07 000161 0001 00 78");

        _transport.Pump(Read(subscription).RejectAsync(ReasonCode.QuotaExceeded, "full").AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(type).Length == 1);

        Assert.Equal($"{answer}0B000197" + "071F0004" + Convert.ToHexString("full"u8), _transport.Server.Of(type)[0]);
    }

    [Theory, Statement("MQTT-3.4.2-2"), Statement("MQTT-3.5.2-2")]
    [InlineData("32", "40", PacketType.PubAck), InlineData("34", "50", PacketType.PubRec)]
    public void A_text_that_makes_the_packet_too_large_for_the_server_is_left_out(string publish, string answer, PacketType type)
    {
        _transport.Server.ConnAck = "20 08 00 00 05 2700000028";
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, new SubscribeOptions { Ack = AckMode.Manual, MaximumQos = QualityOfService.ExactlyOnce });
        _transport.ServerSends($"{publish} 07 000161 0001 00 78");

        _transport.Pump(Read(subscription).RejectAsync(ReasonCode.QuotaExceeded, new string('x', 40)).AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(type).Length == 1);

        Assert.Equal($"{answer}03000197", _transport.Server.Of(type)[0]);
    }

    [Fact]
    public void In_3_1_1_a_refusal_acknowledges()
    {
        MqttSubscription subscription = Subscribe(Old(), new SubscribeOptions { Ack = AckMode.Manual });
        _transport.ServerSends("32 06 000161 0001 78");

        _transport.Pump(Read(subscription).RejectAsync(ReasonCode.QuotaExceeded, "full").AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 1);

        Assert.Equal("40020001", _transport.Server.Of(PacketType.PubAck)[0]);
    }

    [Fact]
    public async Task A_refusal_needs_a_code_that_refuses()
    {
        MqttSubscription subscription = Subscribe(_transport.Connected());
        _transport.ServerSends("32 07 000161 0001 00 78");
        MqttDelivery delivery = Read(subscription);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => delivery.RejectAsync(ReasonCode.Success).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => delivery.RejectAsync(ReasonCode.UnspecifiedError, "\0").AsTask());
    }

    [Fact]
    public void A_handled_message_is_acknowledged_when_its_handler_has_ended()
    {
        MqttSubscription subscription = Subscribe(_transport.Connected());
        TaskCompletionSource ended = new();
        Task run = subscription.ProcessAsync((_, _) => new ValueTask(ended.Task));
        _transport.ServerSends("32 07 000161 0001 00 78");
        _transport.PumpOnce();
        Assert.Empty(_transport.Server.Of(PacketType.PubAck));

        ended.SetResult();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 1);

        _transport.Pump(subscription.DisposeAsync().AsTask());
        _transport.Pump(run);
    }

    [Theory]
    [InlineData(null, "32"), InlineData(HandlerFailure.Reject, "32"), InlineData(HandlerFailure.Acknowledge, "32")]
    [InlineData(HandlerFailure.LeaveUnacknowledged, "32"), InlineData(HandlerFailure.Reject, "30")]
    public void What_becomes_of_a_message_whose_handler_throws_is_decided(HandlerFailure? decision, string publish)
    {
        MqttClient client = _transport.Connected();
        List<DropEvent> drops = [];
        client.MessageDropped += (_, drop) => drops.Add(drop);
        MqttSubscription subscription = Subscribe(client);
        ProcessOptions options = new() { OnFailure = decision is { } decided ? (_, _) => decided : null };
        int handled = 0;
        Task run = subscription.ProcessAsync((_, _) => ++handled == 1 ? throw new InvalidOperationException("first") : ValueTask.CompletedTask, options);

        _transport.ServerSends(publish == "30" ? "30 05 000161 00 78" : "32 07 000161 0001 00 78");
        _transport.PumpUntil(() => Volatile.Read(ref handled) == 1);
        _transport.ServerSends("30 05 000161 00 79");
        _transport.PumpUntil(() => Volatile.Read(ref handled) == 2);
        bool comesAgain = decision == HandlerFailure.LeaveUnacknowledged;
        _transport.PumpUntil(() => comesAgain || drops.Count == 1);

        string[] expected = publish == "30" || comesAgain ? [] : [decision == HandlerFailure.Acknowledge ? "40020001" : "401A000180" + "161F0013" + FailureText];
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == expected.Length);
        Assert.Equal(expected, _transport.Server.Of(PacketType.PubAck));
        Assert.Equal(comesAgain ? [] : [DropReason.HandlerFailed], drops.Select(drop => drop.Reason));
        _transport.Pump(subscription.DisposeAsync().AsTask());
        _transport.Pump(run);
    }

    [Fact]
    public void In_3_1_1_a_message_whose_handler_throws_stays_unacknowledged()
    {
        MqttSubscription subscription = Subscribe(Old());
        int handled = 0;
        Task run = subscription.ProcessAsync((_, _) => ++handled == 1 ? throw new InvalidOperationException("first") : ValueTask.CompletedTask);

        _transport.ServerSends("32 06 000161 0001 78 32 06 000161 0002 79 30 04 000161 7A");
        _transport.PumpUntil(() => Volatile.Read(ref handled) == 3);
        _transport.PumpOnce();

        Assert.Empty(_transport.Server.Of(PacketType.PubAck));
        _transport.Pump(subscription.DisposeAsync().AsTask());
        _transport.Pump(run);
    }

    [Fact]
    public void A_decision_that_throws_itself_refuses()
    {
        MqttSubscription subscription = Subscribe(_transport.Connected());
        ProcessOptions options = new() { OnFailure = (_, _) => throw new InvalidOperationException("second") };
        Task run = subscription.ProcessAsync((_, _) => throw new InvalidOperationException("first"), options);

        _transport.ServerSends("32 07 000161 0001 00 78");
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 1);

        Assert.StartsWith("401A000180", _transport.Server.Of(PacketType.PubAck)[0], StringComparison.Ordinal);
        _transport.Pump(subscription.DisposeAsync().AsTask());
        _transport.Pump(run);
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public void What_was_not_begun_with_at_a_stop_is_read_by_the_next(int concurrency)
    {
        MqttSubscription subscription = Subscribe(_transport.Connected());
        using CancellationTokenSource stop = new();
        TaskCompletionSource begun = new();
        Task run = subscription.ProcessAsync(
            async (_, ct) =>
            {
                begun.TrySetResult();
                await new TaskCompletionSource().Task.WaitAsync(ct);
            },
            new ProcessOptions { MaxConcurrency = concurrency },
            stop.Token);
        _transport.ServerSends("32 07 000161 0001 00 76 32 07 000161 0002 00 77 30 05 000161 00 78 32 07 000161 0003 00 79");
        _transport.Pump(begun.Task);

        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => _transport.Pump(run));
        Assert.Equal("wxy", string.Concat(Enumerable.Range(0, 3).Select(_ => Encoding.UTF8.GetString(Read(subscription).Message.Payload.Span))));
        Assert.Empty(_transport.Server.Of(PacketType.PubAck));
    }

    [Fact]
    public void A_second_run_beside_an_enumerator_is_refused()
    {
        MqttSubscription subscription = Subscribe(_transport.Connected());
        Task run = subscription.ProcessAsync((_, _) => ValueTask.CompletedTask);

        Assert.Throws<InvalidOperationException>(() => _transport.Pump(subscription.ProcessAsync((_, _) => ValueTask.CompletedTask)));

        _transport.Pump(subscription.DisposeAsync().AsTask());
        _transport.Pump(run);
    }

    [Fact]
    public void A_refused_subscription_ends_its_run_with_the_refusal()
    {
        _transport.Server.Answers[PacketType.Subscribe] = "90 04 II 00 87";
        MqttClient client = _transport.Client();
        Task run = client.Subscribe("a").ProcessAsync((_, _) => ValueTask.CompletedTask, new ProcessOptions { MaxConcurrency = 4 });

        _transport.Pump(client.ConnectAsync().AsTask());

        Assert.Equal(ReasonCode.NotAuthorized, Assert.Throws<MqttRejectedException>(() => _transport.Pump(run)).Reason);
    }

    [Theory]
    [InlineData(0, 1), InlineData(1, -1)]
    public void Options_out_of_range_are_the_callers_fault(int concurrency, int waiting)
    {
        MqttSubscription subscription = _transport.Client().Subscribe("a");
        ProcessOptions options = new() { MaxConcurrency = concurrency, MaxWaiting = waiting };

        Assert.Throws<ArgumentOutOfRangeException>(() => _transport.Pump(subscription.ProcessAsync((_, _) => ValueTask.CompletedTask, options)));
    }

    private MqttClient Old()
    {
        _transport.Server.ConnAck = "20 02 00 00";
        return _transport.Connected(options => options.Version = MqttVersion.V311);
    }

    private MqttSubscription Subscribe(MqttClient client, SubscribeOptions? options = null) => _transport.Pump(client.SubscribeAsync("a", options).AsTask());

    private MqttDelivery Read(MqttSubscription subscription) => _transport.Pump(subscription.ReadAsync().AsTask());
}
