using Starling.Protocol;

namespace Starling.Client.Tests;

public sealed class ClientPublishTests : IDisposable
{
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Fact]
    public void QoS_0_returns_when_it_is_in_the_stream_and_reports_no_invented_code()
    {
        MqttClient client = _transport.Connected();

        ValueTask<PublishResult> publish = client.PublishAsync(Message(0));
        PublishResult result = _transport.Pump(publish.AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 1);

        Assert.Equal((PublishStatus.Written, null), (result.Status, result.Reason));
        Assert.Equal("300500016100" + "78", _transport.Server.Of(PacketType.Publish)[0]);
    }

    [Fact]
    public async Task QoS_0_that_finds_no_room_waits_for_it_and_can_be_cancelled()
    {
        MqttClient client = _transport.Connected();
        using CancellationTokenSource cancel = new();
        MqttMessage large = Message(0) with { Payload = new byte[700 * 1024] };
        await client.PublishAsync(Message(0) with { Payload = new byte[400 * 1024] }, TestContext.Current.CancellationToken);

        Task<PublishResult> cancelled = client.PublishAsync(large, cancel.Token).AsTask();
        Task<PublishResult> waiting = client.PublishAsync(large, TestContext.Current.CancellationToken).AsTask();
        Assert.False(cancelled.IsCompleted || waiting.IsCompleted);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Bounded());
        Assert.Equal(PublishStatus.Written, _transport.Pump(waiting).Status);
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 2);
    }

    [Fact]
    public void QoS_0_without_a_connection_throws_at_once()
    {
        MqttClient client = _transport.Client();

        Assert.Throws<MqttNotConnectedException>(() => _transport.Pump(client.PublishAsync(Message(0)).AsTask()));
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public void QoS_1_and_2_return_when_the_server_has_acknowledged(int qos)
    {
        MqttClient client = _transport.Connected();

        PublishResult result = _transport.Pump(client.PublishAsync(Message(qos)).AsTask());

        Assert.Equal((PublishStatus.Acknowledged, ReasonCode.Success), (result.Status, result.Reason));
    }

    [Fact]
    public void Without_an_answer_QoS_1_does_not_return()
    {
        _transport.Server.Silent.Add(PacketType.Publish);
        MqttClient client = _transport.Connected();

        Task<PublishResult> publish = client.PublishAsync(Message(1)).AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 1);

        Assert.False(publish.IsCompleted);
    }

    [Fact]
    public void A_refusal_throws_with_its_code_and_text()
    {
        _transport.Server.Answers[PacketType.Publish] = "40 08 II 87 04 1F 0001 6E";
        MqttClient client = _transport.Connected();

        MqttRejectedException refusal = Assert.Throws<MqttRejectedException>(() => _transport.Pump(client.PublishAsync(Message(1)).AsTask()));

        Assert.Equal((ReasonCode.NotAuthorized, PacketType.PubAck, "n"), (refusal.Reason, refusal.Packet, refusal.ReasonString));
    }

    [Fact]
    public void With_TryPublish_a_refusal_is_a_result()
    {
        _transport.Server.Answers[PacketType.Publish] = "40 03 II 87";
        MqttClient client = _transport.Connected();

        PublishResult result = _transport.Pump(client.TryPublishAsync(Message(1)).AsTask());

        Assert.Equal((PublishStatus.Refused, ReasonCode.NotAuthorized), (result.Status, result.Reason));
    }

    [Fact]
    public void No_matching_subscribers_is_success_and_visible()
    {
        _transport.Server.Answers[PacketType.Publish] = "40 03 II 10";
        MqttClient client = _transport.Connected();

        PublishResult result = _transport.Pump(client.PublishAsync(Message(1)).AsTask());

        Assert.True(result.NoSubscribers);
        Assert.Equal(PublishStatus.Acknowledged, result.Status);
    }

    [Fact]
    public void In_3_1_1_a_result_has_no_code()
    {
        _transport.Server.ConnAck = "20 02 00 00";
        MqttClient client = _transport.Connected(options => options.Version = MqttVersion.V311);

        PublishResult result = _transport.Pump(client.PublishAsync(Message(1)).AsTask());

        Assert.Equal((PublishStatus.Acknowledged, null), (result.Status, result.Reason));
        Assert.Equal("32060001610001" + "78", _transport.Server.Of(PacketType.Publish)[0]);
    }

    [Theory]
    [InlineData(0), InlineData(1)]
    public void What_the_server_does_not_take_is_refused_without_sending_it(int qos)
    {
        _transport.Server.ConnAck = "20 05 00 00 02 2500";
        MqttClient client = _transport.Connected();

        PublishResult result = _transport.Pump(client.TryPublishAsync(Message(qos) with { Retain = true }).AsTask());

        Assert.Equal((PublishStatus.Refused, ReasonCode.RetainNotSupported), (result.Status, result.Reason));
        Assert.Empty(_transport.Server.Of(PacketType.Publish));
    }

    [Theory]
    [InlineData("20 05 00 00 02 2400", ReasonCode.QoSNotSupported), InlineData("20 05 00 00 02 2500", ReasonCode.RetainNotSupported)]
    [InlineData("20 08 00 00 05 2700000007", ReasonCode.PacketTooLarge)]
    public void Limits_of_the_server_refuse_at_once_although_the_quota_is_used_up(string connAck, ReasonCode reason)
    {
        _transport.Server.ConnAck = connAck;
        _transport.Server.Silent.Add(PacketType.Publish);
        MqttClient client = _transport.Connected();

        // Nothing is pumped: the answer cannot have come from the loop.
        Task<PublishResult> publish = client.TryPublishAsync(Message(1) with { Retain = true }).AsTask();
        Task<OutboxTicket> enqueue = client.EnqueueAsync(Message(2) with { Retain = true }).AsTask();

        Assert.True(publish.IsCompletedSuccessfully);
        PublishResult result = _transport.Pump(publish);
        Assert.Equal((PublishStatus.Refused, reason), (result.Status, result.Reason));
        Assert.Equal(reason, Assert.IsType<MqttRejectedException>(enqueue.Exception?.InnerException).Reason);
        Assert.Empty(_transport.Server.Of(PacketType.Publish));
    }

    [Fact]
    public void No_more_than_Receive_Maximum_messages_are_open_at_a_time()
    {
        _transport.Server.ConnAck = "20 06 00 00 03 210002";
        _transport.Server.Silent.Add(PacketType.Publish);
        MqttClient client = _transport.Connected();
        Task[] tickets = [.. Enumerable.Range(0, 5).Select(_ => client.EnqueueAsync(Message(1)).AsTask())];
        _transport.Pump(Task.WhenAll(tickets));
        _transport.PumpOnce();
        Assert.Equal(2, _transport.Server.Of(PacketType.Publish).Length);

        _transport.ServerSends("40 02 0001");
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 3);
    }

    [Fact, Statement("MQTT-3.2.2-17")]
    public void Aliases_of_QoS_0_and_of_QoS_1_are_different_ones_and_begin_anew_with_each_connection()
    {
        _transport.Server.ConnAck = "20 06 00 00 03 220004";
        MqttClient client = _transport.Connected();
        MqttMessage plain = Message(0) with { Topic = "long/topic" };
        MqttMessage acknowledged = plain with { Qos = QualityOfService.AtLeastOnce };
        const string Topic = "000A6C6F6E672F746F706963";

        _transport.Pump(client.PublishAsync(acknowledged).AsTask());
        _transport.Pump(client.PublishAsync(plain).AsTask());
        _transport.Pump(client.PublishAsync(plain).AsTask());
        _transport.Pump(client.PublishAsync(acknowledged).AsTask());
        Assert.Equal([$"3213{Topic}00010323000178", $"3011{Topic}0323000378", "3007000003230003" + "78", "3209000000020323000178"], _transport.Server.Of(PacketType.Publish));

        _transport.Cut();
        _transport.PumpUntil(() => _transport.Connections == 2 && client.State == ConnectionState.Connected);
        _transport.Pump(client.PublishAsync(plain).AsTask());
        _transport.Pump(client.PublishAsync(acknowledged).AsTask());
        Assert.Equal([$"3011{Topic}0323000378", $"3213{Topic}00030323000178"], _transport.Server.Of(PacketType.Publish)[4..]);
    }

    [Fact]
    public void Without_aliasing_no_alias_is_sent()
    {
        _transport.Server.ConnAck = "20 06 00 00 03 220004";
        MqttClient client = _transport.Connected(options => options.TopicAliases = TopicAliasing.None);

        _transport.Pump(client.PublishAsync(Message(1) with { Topic = "long/topic" }).AsTask());
        _transport.Pump(client.PublishAsync(Message(0) with { Topic = "long/topic" }).AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 2);

        Assert.DoesNotContain(_transport.Server.Of(PacketType.Publish), packet => packet.Contains("2300", StringComparison.Ordinal));
    }

    [Fact]
    public void A_ticket_that_nobody_looks_at_is_no_unobserved_fault_and_says_what_the_server_said()
    {
        _transport.Server.Answers[PacketType.Publish] = "40 03 II 87";
        MqttClient client = _transport.Connected();

        OutboxTicket ticket = _transport.Pump(client.EnqueueAsync(Message(1)).AsTask());

        Assert.Equal(ReasonCode.NotAuthorized, Assert.Throws<MqttRejectedException>(() => _transport.Pump(ticket.Completion)).Reason);
        Assert.Equal(1UL, ticket.Id);
    }

    [Fact]
    public void All_properties_are_sent()
    {
        MqttClient client = _transport.Connected();

        _transport.Pump(client.PublishAsync(Message(1) with
        {
            PayloadIsUtf8 = true,
            Expiry = TimeSpan.FromSeconds(5),
            ContentType = "t",
            ResponseTopic = "r",
            CorrelationData = "c"u8.ToArray(),
            UserProperties = [new("k", "v"), new("k", "w")],
        }).AsTask());

        Assert.Equal("32280001610001" + "21" + "0200000005" + "0101" + "03000174" + "08000172" + "09000163" + "2600016B000176" + "2600016B000177" + "78", _transport.Server.Of(PacketType.Publish)[0]);
    }

    [Theory]
    [InlineData(""), InlineData("a/+"), InlineData("#"), InlineData("a\0b")]
    public void A_bad_topic_is_the_callers_fault_and_waits_for_nothing(string topic)
    {
        MqttClient client = _transport.Client();

        Assert.Throws<ArgumentException>(() => _transport.Pump(client.PublishAsync(Message(1) with { Topic = topic }).AsTask()));
    }

    [Fact]
    public void A_topic_that_is_no_Unicode_is_the_callers_fault()
    {
        MqttClient client = _transport.Client();

        Assert.Throws<ArgumentException>(() => _transport.Pump(client.PublishAsync(Message(1) with { Topic = "\uD800" }).AsTask()));
    }

    [Fact]
    public void QoS_1_waits_for_a_connection()
    {
        MqttClient client = _transport.Client();
        Task<PublishResult> publish = client.PublishAsync(Message(1)).AsTask();
        Assert.False(publish.IsCompleted);

        _transport.Pump(client.ConnectAsync().AsTask());

        Assert.Equal(PublishStatus.Acknowledged, _transport.Pump(publish).Status);
    }

    [Fact]
    public void A_cancelled_publish_that_was_not_sent_is_taken_back()
    {
        MqttClient client = _transport.Client();
        using CancellationTokenSource cancel = new();
        Task<PublishResult> publish = client.PublishAsync(Message(1), cancel.Token).AsTask();

        cancel.Cancel();
        Assert.Throws<TaskCanceledException>(() => _transport.Pump(publish));
        _transport.Pump(client.ConnectAsync().AsTask());
        _transport.Pump(client.PublishAsync(Message(1) with { Topic = "b" }).AsTask());

        Assert.Equal("320700016200010078", Assert.Single(_transport.Server.Of(PacketType.Publish)));
    }

    [Fact]
    public void QoS_1_survives_a_cut_and_is_redelivered_with_DUP()
    {
        _transport.Server.Silent.Add(PacketType.Publish);
        MqttClient client = _transport.Connected();
        Task<PublishResult> publish = client.PublishAsync(Message(1)).AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 1);
        _transport.Server.Silent.Clear();
        _transport.Server.ConnAck = "20 03 01 00 00";

        _transport.Cut();

        Assert.Equal(PublishStatus.Acknowledged, _transport.Pump(publish).Status);
        Assert.Equal("3A0700016100010078", _transport.Server.Of(PacketType.Publish)[1]);
    }

    [Fact]
    public void QoS_2_whose_session_is_lost_fails_honestly()
    {
        _transport.Server.Silent.Add(PacketType.PubRel);
        MqttClient client = _transport.Connected();
        Task<PublishResult> publish = client.PublishAsync(Message(2)).AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubRel).Length == 1);

        _transport.Cut();

        Assert.Throws<MqttSessionLostException>(() => _transport.Pump(publish));
    }

    [Fact]
    public void A_full_outbox_waits_or_throws_as_told()
    {
        MqttClient waiting = _transport.Client(options => options.Outbox = OutboxOptions.Memory(4));
        Task<PublishResult> first = waiting.PublishAsync(Message(1) with { Payload = new byte[100] }).AsTask();
        Task<PublishResult> second = waiting.PublishAsync(Message(1)).AsTask();
        _transport.Pump(waiting.ConnectAsync().AsTask());
        _transport.Pump(Task.WhenAll(first, second));

        using ScriptedTransport other = new();
        MqttClient throwing = other.Client(options => options.Outbox = OutboxOptions.Memory(4, OutboxFull.Throw));
        _ = throwing.PublishAsync(Message(1) with { Payload = new byte[100] }).AsTask();
        Assert.Throws<MqttOutboxFullException>(() => other.Pump(throwing.PublishAsync(Message(1)).AsTask()));
    }

    [Fact]
    public void Many_QoS_0_messages_stay_in_order_over_a_slow_connection()
    {
        _transport.AcceptBytesMax = 10_000;
        MqttClient client = _transport.Connected();
        const int Messages = 3_000;

        async Task PublishAllAsync()
        {
            for (int i = 0; i < Messages; i++)
            {
                await client.PublishAsync(Message(0) with { Payload = BitConverter.GetBytes(i).Concat(new byte[1000]).ToArray() });
            }
        }

        _transport.Pump(Task.Run(PublishAllAsync, TestContext.Current.CancellationToken));
        _transport.PumpUntil(() => _transport.Server.Received.Count >= Messages + 1);

        int[] numbers = [.. _transport.Server.Of(PacketType.Publish).Select(packet => BitConverter.ToInt32(Convert.FromHexString(packet), 7))];
        Assert.Equal(Enumerable.Range(0, Messages), numbers);
    }

    [Fact]
    public void QoS_0_messages_of_a_lost_connection_are_reported()
    {
        MqttClient client = _transport.Connected();
        long dropped = 0;
        client.MessageDropped += (_, drop) => Interlocked.Add(ref dropped, drop.Reason == DropReason.ConnectionLost ? drop.Messages : 0);

        _ = client.PublishAsync(Message(0)).AsTask();
        _ = client.PublishAsync(Message(0)).AsTask();
        _transport.Cut();

        _transport.PumpUntil(() => Interlocked.Read(ref dropped) == 2);
    }

    [Fact]
    public void A_QoS_0_publish_in_steady_state_allocates_next_to_nothing()
    {
        MqttClient client = _transport.Connected();
        MqttMessage message = Message(0);
        PublishMany(client, message);
        long allocated = 0;

        for (int round = 0; round < 10; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            PublishMany(client, message);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            _transport.PumpOnce();
        }

        Assert.InRange(allocated / 10_000.0, 0, 16);
    }

    private static void PublishMany(MqttClient client, MqttMessage message)
    {
        for (int i = 0; i < 1_000; i++)
        {
            ValueTask<PublishResult> publish = client.TryPublishAsync(message);
            Assert.True(publish.IsCompletedSuccessfully);
        }
    }

    private static MqttMessage Message(int qos) => new() { Topic = "a", Payload = "x"u8.ToArray(), Qos = (QualityOfService)qos };
}
