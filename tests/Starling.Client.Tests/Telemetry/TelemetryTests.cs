using System.Diagnostics;
using Starling.Client.Telemetry;
using Starling.Protocol;

namespace Starling.Client.Tests.Telemetry;

/// <summary>Names, units and attributes of metrics and spans, against what docs/client/telemetry.md says.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string Common = "messaging.system=mqtt network.protocol.name=mqtt network.protocol.version=5.0 server.address=server";

    private readonly ScriptedTransport _transport = new();
    private Listening? _listening;

    public void Dispose()
    {
        _transport.Dispose();
        _listening?.Dispose();
    }

    [Fact]
    public void A_publish_is_counted_and_timed_with_what_the_conventions_ask_for()
    {
        MqttClient client = Connected("metrics");

        _transport.Pump(client.PublishAsync(Message("metrics", 1) with { DestinationTemplate = "sensors/{id}" }).AsTask());

        Measured duration = Assert.Single(Listener.Of("messaging.client.operation.duration"));
        Assert.Equal("s", duration.Unit);
        Assert.Equal(
            $"messaging.destination.template=sensors/{{id}} messaging.mqtt.qos=1 messaging.operation.name=publish messaging.operation.type=send {Common}",
            duration.TagText);
        Measured sent = Assert.Single(Listener.Of("messaging.client.sent.messages"));
        Assert.Equal(("{message}", 1), (sent.Unit, sent.Value));
    }

    [Fact]
    public void A_refusal_is_named_by_its_reason_code()
    {
        _transport.Server.Answers[PacketType.Publish] = "40 03 II 87";
        MqttClient client = Connected("refused");

        _transport.Pump(client.TryPublishAsync(Message("refused", 1)).AsTask());

        Assert.Equal("NotAuthorized", Listener.Of("messaging.client.operation.duration")[0].Tags["error.type"]);
        Activity span = Assert.Single(Listener.Spans);
        Assert.Equal((ActivityStatusCode.Error, "NotAuthorized"), (span.Status, span.GetTagItem("error.type")));
    }

    [Fact]
    public void A_publish_has_a_producer_span_whose_context_goes_with_the_message()
    {
        MqttClient client = Connected("traced");

        _transport.Pump(client.PublishAsync(Message("traced", 1) with { UserProperties = [new("k", "v")] }).AsTask());

        Activity span = Assert.Single(Listener.Spans);
        Assert.Equal(("publish", ActivityKind.Producer, "traced"), (span.DisplayName, span.Kind, span.GetTagItem("messaging.destination.name")));
        string sent = System.Text.Encoding.Latin1.GetString(Convert.FromHexString(_transport.Server.Of(PacketType.Publish)[0]));
        Assert.Contains("traceparent\0" + (char)55 + span.Id, sent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_of_the_caller_is_not_overwritten()
    {
        MqttClient client = Connected("own");

        _transport.Pump(client.PublishAsync(Message("own", 1) with { UserProperties = [new("traceparent", "mine")] }).AsTask());

        string sent = System.Text.Encoding.Latin1.GetString(Convert.FromHexString(_transport.Server.Of(PacketType.Publish)[0]));
        Assert.Equal(1, sent.Split("traceparent").Length - 1);
        Assert.Contains("mine", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void In_3_1_1_no_context_is_sent()
    {
        _transport.Server.ConnAck = "20 02 00 00";
        MqttClient client = Connected("old", options => options.Version = MqttVersion.V311);

        _transport.Pump(client.PublishAsync(Message("old", 1)).AsTask());

        Assert.Equal("3208" + "0003" + "6F6C64" + "0001" + "78", _transport.Server.Of(PacketType.Publish)[0]);
        Assert.Equal("3.1.1", Listener.Of("messaging.client.sent.messages")[0].Tags["network.protocol.version"]);
    }

    [Fact]
    public void A_loop_body_has_a_span_linked_to_its_producer_and_an_ack_span_inside()
    {
        MqttClient client = Connected("handled");
        MqttSubscription subscription = _transport.Pump(client.SubscribeAsync("handled", new SubscribeOptions { ShareGroup = "g" }).AsTask());
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        byte[] properties = [0x26, 0, 11, .. "traceparent"u8, 0, 55, .. System.Text.Encoding.ASCII.GetBytes(Parent)];
        byte[] body = [0, 7, .. "handled"u8, 0, 1, (byte)properties.Length, .. properties, .. "x"u8];
        _transport.ServerSends($"32{body.Length:X2}{Convert.ToHexString(body)}");

        async Task HandleOneAsync()
        {
            await foreach (MqttDelivery delivery in subscription)
            {
                await delivery.AckAsync();
                break;
            }
        }

        _transport.Pump(HandleOneAsync());

        Activity process = Assert.Single(Listener.Spans, span => span.Kind == ActivityKind.Consumer);
        Activity ack = Assert.Single(Listener.Spans, span => span.Kind == ActivityKind.Client);
        Assert.Equal(("process handled", "ack handled"), (process.DisplayName, ack.DisplayName));
        Assert.Equal("b7ad6b7169203331", Assert.Single(process.Links).Context.SpanId.ToHexString());
        Assert.Equal((process.SpanId, process.TraceId), (ack.ParentSpanId, ack.TraceId));
        Assert.Equal("g", Listener.Of("messaging.client.consumed.messages")[0].Tags["messaging.consumer.group.name"]);
        Assert.Single(Listener.Of("messaging.process.duration"));
        Assert.Equal(["subscribe", "ack"], Listener.Of("messaging.client.operation.duration").Select(measured => measured.Tags["messaging.operation.name"]));
    }

    [Fact]
    public void Around_a_handler_the_span_is_the_current_one_and_a_fault_ends_it_as_an_error()
    {
        MqttClient client = Connected("current");
        MqttSubscription subscription = _transport.Pump(client.SubscribeAsync("current").AsTask());
        DeliveryTrace trace = new(ClientTelemetryOf(client), subscription, Message("current", 1));

        trace.Begin();
        Activity? current = Activity.Current;
        trace.End(new InvalidOperationException("no"));
        trace.End(null);

        Assert.Equal("process current", current?.DisplayName);
        Assert.Equal("System.InvalidOperationException", current?.GetTagItem("error.type"));
        Assert.Equal("System.InvalidOperationException", Assert.Single(Listener.Of("messaging.process.duration")).Tags["error.type"]);
    }

    [Fact]
    public void Gauges_tell_state_outbox_and_what_is_in_flight()
    {
        _transport.Server.Silent.Add(PacketType.Publish);
        MqttClient client = Connected("gauges");
        _transport.Pump(client.EnqueueAsync(Message("gauges", 1)).AsTask());
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 1);

        Assert.Equal("state=connected", Listener.Of("mqtt.client.connections")[^1].TagText);
        Assert.Equal(1, Listener.Of("mqtt.client.inflight")[^1].Value);
        Assert.Equal(1, Listener.Of("mqtt.client.outbox.messages")[^1].Value);
        Measured bytes = Listener.Of("mqtt.client.outbox.bytes")[^1];
        Assert.Equal(("By", client.Outbox.Bytes), (bytes.Unit, bytes.Value));
        Assert.InRange(bytes.Value, "gauges".Length + 1, 100);
    }

    [Fact]
    public void Reconnects_and_drops_are_counted()
    {
        MqttClient client = Connected("drops");
        _transport.Cut();
        _transport.PumpUntil(() => client.State == ConnectionState.Connected && _transport.Connections == 2);
        _transport.ServerSends("30 04 0001 61 00");
        _transport.PumpUntil(() => Listener.Of("mqtt.client.dropped.messages").Length == 1);

        Assert.Equal("messaging.system=mqtt reason=no_subscription", Listener.Of("mqtt.client.dropped.messages")[0].TagText);
        Assert.Single(Listener.Of("mqtt.client.reconnects"));
    }

    [Fact, Statement("MQTT-4.6.0-2")]
    public void An_acknowledgement_that_is_held_back_is_counted_and_after_30_s_the_blocking_delivery_is_named()
    {
        Lines log = new();
        MqttClient client = Connected("held", options => options.LoggerFactory = log);
        MqttSubscription subscription = _transport.Pump(client.SubscribeAsync("#", new SubscribeOptions { Ack = AckMode.Manual }).AsTask());
        _transport.ServerSends("32 0A 0004 736C6F77 0007 00 78" + "32 0A 0004 66617374 0008 00 78");
        MqttDelivery slow = _transport.Pump(subscription.ReadAsync().AsTask());
        MqttDelivery fast = _transport.Pump(subscription.ReadAsync().AsTask());

        _transport.Pump(fast.AckAsync().AsTask());
        _transport.PumpUntil(() => Listener.Of("mqtt.client.ack.held")[^1].Value == 1);
        Assert.Empty(_transport.Server.Of(PacketType.PubAck));
        _transport.Pass(TimeSpan.FromSeconds(29));
        Assert.DoesNotContain(log.Written, line => line.Contains("acknowledgement", StringComparison.Ordinal));
        _transport.Pass(TimeSpan.FromSeconds(1));
        _transport.Pass(TimeSpan.FromSeconds(60));

        Assert.Equal(
            "1 acknowledgement(s) wait for 30 s for that of an earlier delivery: topic slow, Packet Identifier 7",
            Assert.Single(log.Written, line => line.Contains("acknowledgement", StringComparison.Ordinal)));
        _transport.Pump(slow.AckAsync().AsTask());
        _transport.PumpUntil(() => Listener.Of("mqtt.client.ack.held")[^1].Value == 0);
        Assert.Equal(["40020007", "40020008"], _transport.Server.Of(PacketType.PubAck));
    }

    [Fact]
    public void Every_reason_of_a_drop_is_named_in_small_letters()
    {
        MqttClient client = Connected("dropped");
        foreach (DropReason reason in Enum.GetValues<DropReason>())
        {
            client.Telemetry.Dropped(reason, 1);
        }

        Assert.Equal(
            Enum.GetNames<DropReason>().Select(static name => string.Concat(name.Select((letter, at) => (at > 0 && char.IsUpper(letter) ? "_" : "") + char.ToLowerInvariant(letter)))),
            Listener.Of("mqtt.client.dropped.messages").Select(static measured => measured.TagText.Split("reason=")[1]));
    }

    private Listening Listener => _listening ?? throw new InvalidOperationException("Not connected.");

    private MqttClient Connected(string topic, Action<MqttClientOptions>? configure = null)
    {
        _listening = new Listening(topic);
        return _transport.Connected(options =>
        {
            options.MeterFactory = _listening;
            configure?.Invoke(options);
        });
    }

    private static MqttMessage Message(string topic, int qos) => new() { Topic = topic, Payload = "x"u8.ToArray(), Qos = (QualityOfService)qos };

    private static ClientTelemetry ClientTelemetryOf(MqttClient client) => client.Telemetry;
}
