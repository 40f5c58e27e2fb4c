using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>What the server announces in CONNACK, the client keeps to.</summary>
internal static class LimitCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("No more messages are open than the server's Receive Maximum", ["MQTT-3.3.4-7", "MQTT-4.9.0-1", "MQTT-4.9.0-2"], ReceiveMaximum),
        new("A full window opens with PUBACK, PUBCOMP and a refusing PUBREC, and with nothing else",
            ["MQTT-3.3.4-7", "MQTT-4.9.0-1", "MQTT-4.9.0-2"], WindowOpens),
        new("A full window holds up no other packet", ["MQTT-3.3.4-8", "MQTT-4.9.0-3"], FullWindow),
        new("A full window does not hold up the PUBRELs of a resumed session", ["MQTT-3.3.4-8", "MQTT-4.9.0-3"], FullWindowOnResuming),
        new("The window is that of the new connection", ["MQTT-3.3.4-7", "MQTT-4.9.0-1"], WindowAnew),
        new("No message has a QoS above Maximum QoS", ["MQTT-3.2.2-11"], MaximumQos),
        new("No message has RETAIN 1 where Retain Available is 0", ["MQTT-3.2.2-14"], RetainAvailable),
        new("No packet is larger than Maximum Packet Size", ["MQTT-3.2.2-15"], MaximumPacketSize),
        new("A message of exactly Maximum Packet Size is sent", ["MQTT-3.2.2-15"], ExactSize),
        new("A resent message that is now too large is not sent", ["MQTT-3.2.2-15", "MQTT-3.2.2-11", "MQTT-3.2.2-14"], LowerLimits),
        new("No acknowledgement and no DISCONNECT is larger than Maximum Packet Size", ["MQTT-3.2.2-15"], TinySize),
        new("The client sends no Topic Alias where the server takes none or few", ["MQTT-3.2.2-17", "MQTT-3.2.2-18", "MQTT-3.3.2-9"], TopicAlias),
    ];

    private static void ReceiveMaximum(ClientRun run) => Each([1, 2, 10], maximum => $"{maximum}", maximum =>
    {
        run.NewScript();
        run.Script.ConnAckProperties = Property.ReceiveMaximum(maximum);
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        MqttClient client = run.Connect();
        for (int i = 0; i < 30; i++)
        {
            _ = Publish(client, 1 + (i % 2));
        }

        run.Settle(client);
        RequireEqual(maximum, OpenOf(run).Length, "the number of open messages");
    });

    private static void WindowOpens(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.ReceiveMaximum(1);
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        MqttClient client = run.Connect();
        foreach (int qos in new[] { 1, 2, 2, 1 })
        {
            _ = Publish(client, qos);
        }

        void RequireCount(int count, string after)
        {
            run.Settle(client);
            RequireEqual(count, OpenOf(run).Length, $"the number of messages sent after {after}");
        }

        RequireCount(1, "CONNACK");
        run.Send(PacketBytes.Acknowledge(PacketType.PubAck, OpenOf(run)[0].Identifier));
        RequireCount(2, "PUBACK");
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, OpenOf(run)[1].Identifier));
        RequireCount(2, "PUBREC with success");
        run.Send(PacketBytes.Acknowledge(PacketType.PubAck, 999));
        RequireCount(2, "PUBACK for nothing");
        run.Send(PacketBytes.Acknowledge(PacketType.PubComp, OpenOf(run)[1].Identifier));
        RequireCount(3, "PUBCOMP");
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, OpenOf(run)[2].Identifier, ReasonCode.QuotaExceeded));
        RequireCount(4, "PUBREC with a refusal");
    }

    private static void FullWindow(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.ReceiveMaximum(1);
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        (MqttClient client, MqttSubscription subscription) = run.Subscribe(AckMode.OnDelivery, options => options.KeepAlive = TimeSpan.FromSeconds(10));
        _ = Publish(client, 2);
        int identifier = run.Expect(PacketType.Publish).Identifier;
        _ = Publish(client, 1);
        run.ExpectNone(client, PacketType.Publish);
        run.Await(client.SubscribeAsync("more").AsTask());
        run.Send(ServerBytes.Publish(run.Version, 1, 5));
        run.Await(subscription.ReadAsync().AsTask());
        run.Expect(PacketType.PubAck);
        run.Send(ServerBytes.Publish(run.Version, 2, 6));
        run.Await(subscription.ReadAsync().AsTask());
        run.Expect(PacketType.PubRec);
        run.Expect(PacketType.PubComp);
        run.PassSeconds(10);
        run.Expect(PacketType.PingReq);
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
        run.Expect(PacketType.PubRel);
        run.Await(subscription.DisposeAsync().AsTask());
        run.Expect(PacketType.Unsubscribe);
    }

    private static void FullWindowOnResuming(ClientRun run)
    {
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        MqttClient client = run.Connect();
        _ = Publish(client, 1, "first");
        run.Expect(PacketType.Publish);
        _ = Publish(client, 2, "second");
        int identifier = run.Expect(PacketType.Publish).Identifier;
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
        run.Expect(PacketType.PubRel);
        run.Script.ConnAckProperties = Property.ReceiveMaximum(1);
        run.Reconnect(client);
        RequireEqual("first", run.Expect(PacketType.Publish).Text, "what fills the window");
        RequireEqual(identifier, run.Expect(PacketType.PubRel).Identifier, "the identifier of PUBREL");
    }

    private static void WindowAnew(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        for (int i = 0; i < 5; i++)
        {
            _ = Publish(client, 1, $"{i}");
        }

        run.WaitFor(() => OpenOf(run).Length == 5, "all messages");
        run.Script.ConnAckProperties = Property.ReceiveMaximum(2);
        run.Reconnect(client);
        run.Settle(client);
        RequireEqual("0 1", string.Join(' ', OpenOf(run).Select(packet => packet.Text)), "what is sent again at once");
        run.Send(PacketBytes.Acknowledge(PacketType.PubAck, OpenOf(run)[0].Identifier));
        run.Settle(client);
        RequireEqual("0 1 2", string.Join(' ', OpenOf(run).Select(packet => packet.Text)), "what is sent after one PUBACK");
    }

    private static void MaximumQos(ClientRun run) => Each([0, 1], maximum => $"{maximum}", maximum =>
    {
        run.Script.ConnAckProperties = Property.Number(PropertyId.MaximumQos, maximum);
        MqttClient client = run.Connect();
        for (int qos = 0; qos <= 2; qos++)
        {
            PublishResult result = run.Await(Publish(client, qos));
            RequireEqual(qos > maximum, result.Status == PublishStatus.Refused, $"the refusal of QoS {qos}");
        }

        Require(run.Server.Of(PacketType.Publish).All(packet => packet.Qos <= maximum), "a message above the maximum came");
    });

    private static void RetainAvailable(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.Number(PropertyId.RetainAvailable, 0);
        MqttClient client = run.Connect();
        foreach (QualityOfService qos in Enum.GetValues<QualityOfService>())
        {
            PublishResult result = run.Await(client.TryPublishAsync(new MqttMessage { Topic = "t", Retain = true, Qos = qos }).AsTask());
            RequireEqual(ReasonCode.RetainNotSupported, result.Reason, "what the caller is told");
        }

        run.ExpectNone(client, PacketType.Publish);
    }

    private static void MaximumPacketSize(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.MaximumPacketSize(100);
        MqttClient client = run.Connect();
        string text = new('x', 100);
        for (int qos = 0; qos <= 2; qos++)
        {
            RequireEqual(ReasonCode.PacketTooLarge, run.Await(Publish(client, qos, text)).Reason, "what the caller is told");
        }

        Task subscribing = client.SubscribeAsync(text).AsTask();
        run.WaitFor(() => subscribing.IsCompleted, "the end of a SUBSCRIBE that is too large");
        Require(subscribing.IsFaulted, "a SUBSCRIBE that is too large was sent");
        run.Settle(client);
        RequireEqual(2, run.Server.Received.Count, "the number of packets");
    }

    private static void ExactSize(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.MaximumPacketSize(100);
        MqttClient client = run.Connect();

        // The fixed header has 2 bytes, the topic 3, an identifier 2, the property length 1.
        Each([(0, 94), (1, 92), (2, 92)], variant => $"QoS {variant.Item1}", variant =>
        {
            (int qos, int payloadBytes) = variant;
            RequireEqual(ReasonCode.PacketTooLarge, run.Await(Publish(client, qos, new string('x', payloadBytes + 1))).Reason, "the answer to one byte more");
            run.Await(Publish(client, qos, new string('x', payloadBytes)));
            RequireEqual(100, run.Expect(PacketType.Publish).Bytes.Length, "the size");
        });
    }

    private static void LowerLimits(ClientRun run) =>
        Each(
            new[] { Property.MaximumPacketSize(50), Property.Number(PropertyId.MaximumQos, 0), Property.Number(PropertyId.RetainAvailable, 0) },
            limit => $"{(PropertyId)limit[0]}",
            limit =>
            {
                run.NewScript();
                run.Script.Silent.Add(PacketType.Publish);
                MqttClient client = run.Connect();
                Task<PublishResult> task = client.TryPublishAsync(new MqttMessage { Topic = "t", Payload = new byte[60], Retain = true }).AsTask();
                run.Expect(PacketType.Publish);
                run.Script.ConnAckProperties = limit;
                run.Reconnect(client);
                RequireEqual(PublishStatus.Refused, run.Await(task).Status, "what the caller is told");
                run.Await(client.TryPublishAsync(new MqttMessage { Topic = "t", Qos = QualityOfService.AtMostOnce }).AsTask());
                run.WaitFor(() => run.Server.Of(PacketType.Publish).Any(), "a later message");
                RequireEqual(1, run.Server.Of(PacketType.Publish).Count(), "the number of messages on the new connection");
            });

    private static void TinySize(ClientRun run) => Each([4, 8], size => $"{size} bytes", size =>
    {
        run.NewScript();
        run.Script.ConnAckProperties = Property.MaximumPacketSize((uint)size);
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version));
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        run.Reconnect(client);
        run.Send(ServerBytes.Publish(run.Version, 1, 7));
        run.Await(run.Await(subscription.ReadAsync().AsTask()).RejectAsync(ReasonCode.QuotaExceeded).AsTask());
        run.Send(ServerBytes.Publish(run.Version, 2, 8));
        run.Await(run.Await(subscription.ReadAsync().AsTask()).RejectAsync(ReasonCode.QuotaExceeded).AsTask());
        run.Send(PacketBytes.Acknowledge(PacketType.PubRel, 99));
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, 99));
        ServerSide server = run.Server;
        run.Await(client.DisconnectAsync(new DisconnectOptions { Reason = ReasonCode.DisconnectWithWill, SessionExpiry = TimeSpan.FromHours(2) }).AsTask());
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        Require(server.Received.Skip(1).All(packet => packet.Bytes.Length <= size), "a packet that is larger came");
    });

    private static void TopicAlias(ClientRun run) => Each([null, 0, 1, 10], maximum => $"{maximum}", (int? maximum) =>
    {
        run.Script.ConnAckProperties = maximum is { } count ? Property.TopicAliasMaximum(count) : [];
        MqttClient client = run.Connect();
        for (int i = 0; i < 20; i++)
        {
            run.Await(client.PublishAsync(new MqttMessage { Topic = $"t/{i % 4}" }).AsTask());
        }

        Require(run.Server.Of(PacketType.Publish).All(packet => (packet.Number(PropertyId.TopicAlias) ?? 1) is >= 1), "alias 0 came");
        Require(run.Server.Of(PacketType.Publish).All(packet => (packet.Number(PropertyId.TopicAlias) ?? 0) <= (maximum ?? 0)), "an alias above the maximum came");
    });

    private static ReceivedPacket[] OpenOf(ClientRun run) => [.. run.Server.Of(PacketType.Publish).Where(packet => packet.Qos > 0)];
}
