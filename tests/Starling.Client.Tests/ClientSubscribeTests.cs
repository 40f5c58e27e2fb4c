using System.Text;
using Starling.Protocol;

namespace Starling.Client.Tests;

public sealed class ClientSubscribeTests : IDisposable
{
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Fact, Statement("MQTT-4.3.3-10")]
    public void A_QoS_2_delivery_that_is_taken_before_CONNACK_is_not_waited_for_again()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = _transport.Pump(client.SubscribeAsync("a", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce, Ack = AckMode.Manual }).AsTask());
        _transport.ServerSends("34 07 0001 61 0009 00 78");
        MqttDelivery delivery = _transport.Pump(subscription.ReadAsync().AsTask());
        _transport.Server.ConnAck = null;
        _transport.Cut();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Connect).Length == 2);

        _transport.Pump(delivery.AckAsync().AsTask());
        _transport.PumpOnce();
        _transport.ServerSends("20 03 01 00 00" + "3C 07 0001 61 0009 00 78");
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubRec).Length == 1);

        Assert.Equal("50020009", _transport.Server.Of(PacketType.PubRec)[0]);
    }

    [Fact]
    public void Subscribing_returns_after_SUBACK_with_the_granted_QoS()
    {
        _transport.Server.Answers[PacketType.Subscribe] = "90 04 II 00 00";
        MqttClient client = _transport.Connected();

        MqttSubscription subscription = Subscribe(client, "a/+", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce });

        Assert.Equal(QualityOfService.AtMostOnce, _transport.Pump(subscription.Ready));
        Assert.Equal("820B0001" + "020B01" + "0003612F2B" + "02", _transport.Server.Of(PacketType.Subscribe)[0]);
    }

    [Fact]
    public void Subscription_options_are_sent_in_5_0_and_not_in_3_1_1()
    {
        SubscribeOptions options = new() { NoLocal = true, RetainAsPublished = true, Retained = RetainHandling.DoNotSend };
        Subscribe(_transport.Connected(), "a", options);
        using ScriptedTransport other = new();
        other.Server.ConnAck = "20 02 00 00";
        MqttClient old = other.Connected(clientOptions => clientOptions.Version = MqttVersion.V311);
        other.Pump(old.SubscribeAsync("a", options).AsTask());

        Assert.EndsWith("0001612D", _transport.Server.Of(PacketType.Subscribe)[0], StringComparison.Ordinal);
        Assert.Equal("82060001" + "00016101", other.Server.Of(PacketType.Subscribe)[0]);
    }

    [Fact]
    public void User_Properties_go_with_each_SUBSCRIBE()
    {
        MqttClient client = _transport.Connected();
        Subscribe(client, "a", new SubscribeOptions { UserProperties = [new UserProperty("k", "v")] });

        _transport.Cut();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Subscribe).Length == 2);

        Assert.All(_transport.Server.Of(PacketType.Subscribe), packet => Assert.Contains("2600016B000176", packet, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => client.Subscribe("b", new SubscribeOptions { UserProperties = [new UserProperty("\ud800", "")] }));
    }

    [Fact]
    public void A_share_group_makes_a_shared_filter()
    {
        Subscribe(_transport.Connected(), "a", new SubscribeOptions { ShareGroup = "g" });

        Assert.Contains(Convert.ToHexString("$share/g/a"u8), _transport.Server.Of(PacketType.Subscribe)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_subscription_throws_with_its_code()
    {
        _transport.Server.Answers[PacketType.Subscribe] = "90 04 II 00 87";
        MqttClient client = _transport.Connected();

        MqttRejectedException refusal = Assert.Throws<MqttRejectedException>(() => Subscribe(client, "a"));

        Assert.Equal((ReasonCode.NotAuthorized, PacketType.SubAck), (refusal.Reason, refusal.Packet));
    }

    [Theory, Statement("MQTT-3.8.3-4")]
    [InlineData("$share/g/a", null), InlineData("a", "g")]
    public void No_Local_on_a_shared_subscription_is_the_callers_fault(string filter, string? group)
    {
        MqttClient client = _transport.Client();

        Assert.Throws<ArgumentException>(() => client.Subscribe(filter, new SubscribeOptions { NoLocal = true, ShareGroup = group }));
    }

    [Theory]
    [InlineData(""), InlineData("a#"), InlineData("#/a"), InlineData("a+"), InlineData("$share//a"), InlineData("$share/g")]
    public void A_bad_filter_is_the_callers_fault(string filter) => Assert.Throws<ArgumentException>(() => new TopicFilter(filter));

    [Fact]
    public void A_delivery_has_all_that_was_sent()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a");

        _transport.ServerSends("3B 28 000161 0009 21 0200000005 0101 030001740800017209000163 2600016B0001762600016B000177 78");
        MqttDelivery delivery = Read(subscription);

        MqttMessage message = delivery.Message;
        Assert.Equal(("a", "x", QualityOfService.AtLeastOnce, true, true), (message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.Qos, message.Retain, delivery.Duplicate));
        Assert.Equal(("t", "r", true, TimeSpan.FromSeconds(5)), (message.ContentType, message.ResponseTopic, message.PayloadIsUtf8, message.Expiry));
        Assert.Equal("c"u8.ToArray(), message.CorrelationData.ToArray());
        Assert.Equal([new UserProperty("k", "v"), new UserProperty("k", "w")], message.UserProperties);
    }

    [Fact]
    public void After_the_body_the_loop_acknowledges_and_a_break_does_not()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a");
        _transport.ServerSends("32 07 000161 0001 00 78 32 07 000161 0002 00 79");

        async Task ReadTwoAsync()
        {
            int count = 0;
            await foreach (MqttDelivery _ in subscription)
            {
                if (++count == 2)
                {
                    break;
                }
            }
        }

        _transport.Pump(ReadTwoAsync());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length > 0);

        Assert.Equal("40020001", Assert.Single(_transport.Server.Of(PacketType.PubAck)));
    }

    [Fact]
    public void On_delivery_a_message_is_acknowledged_when_it_is_handed_out()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a", new SubscribeOptions { Ack = AckMode.OnDelivery });
        _transport.ServerSends("32 07 000161 0001 00 78");
        Assert.Empty(_transport.Server.Of(PacketType.PubAck));

        Read(subscription);

        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 1);
    }

    [Fact]
    public void Manual_acknowledgements_leave_in_the_order_of_the_messages()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a", new SubscribeOptions { Ack = AckMode.Manual });
        _transport.ServerSends("32 07 000161 0001 00 78 32 07 000161 0002 00 79");
        MqttDelivery first = Read(subscription);
        MqttDelivery second = Read(subscription);

        _transport.Pump(second.AckAsync().AsTask());
        _transport.PumpOnce();
        Assert.Empty(_transport.Server.Of(PacketType.PubAck));
        _transport.Pump(first.RejectAsync(ReasonCode.UnspecifiedError).AsTask());
        _transport.Pump(first.AckAsync().AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 2);

        Assert.Equal(["4003000180", "40020002"], _transport.Server.Of(PacketType.PubAck));
    }

    [Fact]
    public void Overlapping_subscriptions_both_get_the_message_and_the_acknowledgement_waits_for_both()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription one = Subscribe(client, "a/#", new SubscribeOptions { Ack = AckMode.Manual });
        MqttSubscription two = Subscribe(client, "a/+", new SubscribeOptions { Ack = AckMode.Manual });
        _transport.ServerSends("32 0D 0003612F62 0001 04 0B01 0B02 78");

        _transport.Pump(Read(one).AckAsync().AsTask());
        _transport.PumpOnce();
        Assert.Empty(_transport.Server.Of(PacketType.PubAck));
        _transport.Pump(Read(two).AckAsync().AsTask());

        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 1);
    }

    [Fact]
    public void A_subscription_identifier_routes_a_copy_to_its_own_subscription()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription one = Subscribe(client, "a/#");
        MqttSubscription two = Subscribe(client, "a/+");

        _transport.ServerSends("30 0A 0003612F62 02 0B02 7879");
        MqttDelivery delivery = Read(two);
        _transport.ServerSends("30 09 0003612F62 02 0B01 7A");

        Assert.Equal([2u], delivery.SubscriptionIdentifiers);
        Assert.Equal("z"u8.ToArray(), Read(one).Message.Payload.ToArray());
    }

    [Theory]
    [InlineData(Overflow.DropOldest, "z"), InlineData(Overflow.DropNewest, "x")]
    public void A_full_buffer_drops_QoS_0_as_told_and_tells(Overflow overflow, string kept)
    {
        MqttClient client = _transport.Connected();
        DropEvent? told = null;
        client.MessageDropped += (_, drop) => told = drop;
        MqttSubscription subscription = Subscribe(client, "a", new SubscribeOptions { Buffer = 1, Overflow = overflow });

        _transport.ServerSends("30 05 000161 00 78 30 05 000161 00 79 30 05 000161 00 7A");

        Assert.Equal(kept, Encoding.UTF8.GetString(Read(subscription).Message.Payload.Span));
        Assert.Equal(2, subscription.Dropped);
        _transport.PumpUntil(() => Volatile.Read(ref told) is { Reason: DropReason.BufferFull, TotalMessages: 2 });
    }

    [Fact]
    public void A_buffer_that_waits_holds_the_connection_back_and_loses_nothing()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a", new SubscribeOptions { Buffer = 1, Overflow = Overflow.Wait });

        for (char payload = '0'; payload <= '9'; payload++)
        {
            _transport.ServerSends($"30 05 000161 00 {(int)payload:X2}");
        }

        string all = string.Concat(Enumerable.Range(0, 10).Select(_ => Encoding.UTF8.GetString(Read(subscription).Message.Payload.Span)));
        Assert.Equal(("0123456789", 0), (all, subscription.Dropped));
    }

    [Fact]
    public void A_full_buffer_that_is_disposed_lets_the_other_subscription_of_its_filter_read_on()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription full = Subscribe(client, "a", new SubscribeOptions { Buffer = 1, Overflow = Overflow.Wait });
        MqttSubscription other = Subscribe(client, "a");
        for (char payload = '0'; payload <= '9'; payload++)
        {
            _transport.ServerSends($"30 05 000161 00 {(int)payload:X2}");
        }

        _transport.Pump(full.DisposeAsync().AsTask());

        string all = string.Concat(Enumerable.Range(0, 10).Select(_ => Encoding.UTF8.GetString(Read(other).Message.Payload.Span)));
        Assert.Equal("0123456789", all);
    }

    [Fact, Statement("MQTT-4.5.0-2")]
    public void A_message_that_nobody_wants_is_held_then_acknowledged_and_told()
    {
        MqttClient client = _transport.Connected();
        DropEvent? told = null;
        client.MessageDropped += (_, drop) => told = drop;
        _transport.ServerSends("32 07 000161 0001 00 78");

        _transport.Pass(TimeSpan.FromSeconds(9.9));
        Assert.Empty(_transport.Server.Of(PacketType.PubAck));
        _transport.Pass(TimeSpan.FromSeconds(0.2));

        Assert.Single(_transport.Server.Of(PacketType.PubAck));
        _transport.PumpUntil(() => Volatile.Read(ref told)?.Reason == DropReason.NoSubscription);
    }

    [Fact]
    public void A_message_of_a_continued_session_waits_for_its_subscription()
    {
        _transport.Server.ConnAck = "20 03 01 00 00";
        MqttClient client = _transport.Connected();
        _transport.ServerSends("32 07 000161 0001 00 78");

        MqttSubscription subscription = Subscribe(client, "a");

        Assert.Equal("x"u8.ToArray(), Read(subscription).Message.Payload.ToArray());
    }

    [Fact]
    public void Subscribing_before_connecting_is_legal()
    {
        MqttClient client = _transport.Client();
        MqttSubscription subscription = client.Subscribe("a");

        _transport.Pump(client.ConnectAsync().AsTask());

        Assert.Equal(QualityOfService.AtLeastOnce, _transport.Pump(subscription.Ready));
    }

    [Theory]
    [InlineData("20 03 00 00 00", 2), InlineData("20 03 01 00 00", 1)]
    public void After_a_cut_only_a_lost_session_is_subscribed_anew(string connAck, int subscribes)
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a");
        _transport.Server.ConnAck = connAck;

        _transport.Cut();
        _transport.PumpUntil(() => _transport.Connections == 2 && client.State == ConnectionState.Connected);
        _transport.ServerSends("30 05 000161 00 78");

        Assert.Equal("a", Read(subscription).Message.Topic);
        Assert.Equal(subscribes, _transport.Server.Of(PacketType.Subscribe).Length);
    }

    [Fact]
    public void What_the_server_sends_again_is_not_in_the_buffer_twice()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a", new SubscribeOptions { Ack = AckMode.Manual });
        _transport.ServerSends("32 07 000161 0001 00 78 34 07 000161 0002 00 79");
        _transport.Server.ConnAck = "20 03 01 00 00";
        _transport.Cut();
        _transport.PumpUntil(() => _transport.Connections == 2 && client.State == ConnectionState.Connected);

        _transport.ServerSends("3A 07 000161 0001 00 78 3C 07 000161 0002 00 79 30 05 000161 00 7A");

        MqttDelivery[] read = [Read(subscription), Read(subscription), Read(subscription)];
        Assert.Equal("yxz", string.Concat(read.Select(delivery => Encoding.UTF8.GetString(delivery.Message.Payload.Span))));
    }

    [Fact]
    public void Disposing_unsubscribes_acknowledges_the_unread_and_ends_the_loop()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a");
        _transport.ServerSends("32 07 000161 0001 00 78");

        _transport.Pump(subscription.DisposeAsync().AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.PubAck).Length == 1);

        Assert.Equal("A20600020000" + "0161", Assert.Single(_transport.Server.Of(PacketType.Unsubscribe)));
        Assert.Throws<MqttNotConnectedException>(() => _transport.Pump(subscription.ReadAsync().AsTask()));
    }

    [Fact]
    public void A_filter_that_another_subscription_needs_is_not_unsubscribed()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription one = Subscribe(client, "a");
        Subscribe(client, "a");

        _transport.Pump(one.DisposeAsync().AsTask());
        _transport.PumpOnce();

        Assert.Empty(_transport.Server.Of(PacketType.Unsubscribe));
    }

    [Fact]
    public void A_second_enumerator_is_refused()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a");
        IAsyncEnumerator<MqttDelivery> first = subscription.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        _ = first.MoveNextAsync().AsTask();

        IAsyncEnumerator<MqttDelivery> second = subscription.GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.Throws<InvalidOperationException>(() => _transport.Pump(second.MoveNextAsync().AsTask()));
    }

    [Fact]
    public void Publishing_from_the_body_of_a_loop_works()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Subscribe(client, "a");
        _transport.ServerSends("32 07 000161 0001 00 78");

        async Task AnswerAsync()
        {
            await foreach (MqttDelivery delivery in subscription)
            {
                await client.PublishAsync(new MqttMessage { Topic = "b", Payload = delivery.Message.Payload });
                return;
            }
        }

        _transport.Pump(AnswerAsync());

        Assert.Single(_transport.Server.Of(PacketType.Publish));
    }

    private MqttSubscription Subscribe(MqttClient client, string filter, SubscribeOptions? options = null) =>
        _transport.Pump(client.SubscribeAsync(filter, options).AsTask());

    private MqttDelivery Read(MqttSubscription subscription) => _transport.Pump(subscription.ReadAsync().AsTask());
}
