using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>The client as the sender of messages: DUP, acknowledgements, and what is sent again when.</summary>
internal static class SendingCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("A message is first sent with its QoS and DUP 0",
            ["MQTT-4.3.1-1", "MQTT-4.3.2-2", "MQTT-4.3.3-2", "MQTT-3.3.1-2", "MQTT311-4.3.1-1", "MQTT311-4.3.2-1", "MQTT311-4.3.3-1", "MQTT311-3.3.1-2"],
            FirstSend),
        new("A QoS 1 message is open until PUBACK", ["MQTT-4.3.2-3", "MQTT311-4.3.2-1"], OpenUntilPubAck),
        new("A QoS 2 message is open until PUBREC, and answered with PUBREL",
            ["MQTT-4.3.3-3", "MQTT-4.3.3-4", "MQTT-4.3.3-5", "MQTT311-4.3.3-1"], OpenUntilPubRec),
        new("A message without an answer is not sent again on the same connection", ["MQTT-4.4.0-1"], NotAgainUnasked),
        new("On resuming a session every open message comes again, with DUP 1 and its identifier",
            ["MQTT-4.4.0-1", "MQTT-3.3.1-1", "MQTT-4.3.2-3", "MQTT-4.3.3-3", "MQTT311-4.4.0-1", "MQTT311-3.3.1-1", "MQTT311-2.3.1-3"], Again),
        new("After PUBREL a message is never sent again, its PUBREL is",
            ["MQTT-4.3.3-5", "MQTT-4.3.3-6", "MQTT-4.4.0-1", "MQTT311-4.3.3-1", "MQTT311-4.4.0-1"], PubRelAgain),
        new("PUBREC with 0x80 or more ends the exchange without PUBREL", ["MQTT-4.3.3-4", "MQTT-4.4.0-2"], RefusedPubRec),
        new("PUBACK with 0x80 or more ends the exchange", ["MQTT-4.4.0-2"], RefusedPubAck),
        new("A PUBREC that comes twice is answered twice", ["MQTT-4.3.3-4", "MQTT311-4.3.3-1"], PubRecTwice),
        new("A message that was sent is finished although it has expired", ["MQTT-4.3.3-7"], Expired),
        new("PUBREC for an unknown identifier is answered with PUBREL 0x92", ["U5-40"], UnknownPubRec),
        new("Acknowledgements of 2, 3 and 4 bytes and more are taken", ["U5-38"], Forms),
        new("A message goes on being sent over many connections", ["MQTT-4.4.0-1", "MQTT-4.1.0-1", "MQTT311-4.4.0-1", "MQTT311-4.1.0-1"], ManyConnections),
    ];

    private static void FirstSend(ClientRun run) => Each([0, 1, 2], qos => $"QoS {qos}", qos =>
    {
        MqttClient client = run.Connect();
        run.Await(Publish(client, qos));
        ReceivedPacket packet = run.Expect(PacketType.Publish);
        RequireEqual((qos, false, false), (packet.Qos, packet.Duplicate, packet.Retain), "QoS, DUP and RETAIN");
        run.Await(client.PublishAsync(new MqttMessage { Topic = "t", Qos = (QualityOfService)qos, Retain = true }).AsTask());
        RequireEqual(true, run.Expect(PacketType.Publish).Retain, "RETAIN of a message to keep");
    });

    private static void OpenUntilPubAck(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        Task<PublishResult> task = Publish(client, 1);
        ReceivedPacket packet = run.Expect(PacketType.Publish);
        run.Settle(client);
        Require(!task.IsCompleted, "the message is done before PUBACK");
        run.Send(PacketBytes.Acknowledge(PacketType.PubAck, packet.Identifier));
        run.Await(task);
        run.Reconnect(client);
        run.ExpectNone(client, PacketType.Publish);
    }

    private static void OpenUntilPubRec(ClientRun run)
    {
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        MqttClient client = run.Connect();
        Task<PublishResult> task = Publish(client, 2);
        ReceivedPacket packet = run.Expect(PacketType.Publish);
        run.ExpectNone(client, PacketType.PubRel);
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, packet.Identifier));
        RequireEqual(packet.Identifier, run.Expect(PacketType.PubRel).Identifier, "the identifier of PUBREL");
        run.Settle(client);
        Require(!task.IsCompleted, "the message is done before PUBCOMP");
        run.Send(PacketBytes.Acknowledge(PacketType.PubComp, packet.Identifier));
        run.Await(task);
    }

    private static void NotAgainUnasked(ClientRun run)
    {
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        MqttClient client = run.Connect(options => options.KeepAlive = TimeSpan.Zero);
        _ = Publish(client, 1);
        run.Expect(PacketType.Publish);
        _ = Publish(client, 2);
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, run.Expect(PacketType.Publish).Identifier));
        run.Expect(PacketType.PubRel);
        run.PassSeconds(3600);
        run.ExpectNone(client, PacketType.Publish);
        run.ExpectNone(client, PacketType.PubRel);
    }

    private static void Again(ClientRun run) => Each([1, 2], qos => $"QoS {qos}", qos =>
    {
        run.NewScript();
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        _ = Publish(client, qos, "open");
        ReceivedPacket first = run.Expect(PacketType.Publish);
        run.Reconnect(client);
        ReceivedPacket second = run.Expect(PacketType.Publish);
        RequireEqual((first.Identifier, true, qos, "open"), (second.Identifier, second.Duplicate, second.Qos, second.Text), "the resent message");
        RequireEqual(Convert.ToHexString(first.Bytes[1..]), Convert.ToHexString(second.Bytes[1..]), "all but its first byte");
    });

    private static void PubRelAgain(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.PubRel);
        MqttClient client = run.Connect();
        Task<PublishResult> task = Publish(client, 2);
        int identifier = run.Expect(PacketType.Publish).Identifier;
        run.Expect(PacketType.PubRel);
        run.Reconnect(client);
        RequireEqual(identifier, run.Expect(PacketType.PubRel).Identifier, "the identifier of the resent PUBREL");
        run.ExpectNone(client, PacketType.Publish);
        run.Send(PacketBytes.Acknowledge(PacketType.PubComp, identifier));
        run.Await(task);
        run.Reconnect(client);
        run.ExpectNone(client, PacketType.PubRel);
    }

    private static void RefusedPubRec(ClientRun run) => Each([0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99], code => $"{code:X2}", code =>
    {
        run.NewScript();
        run.Script.Answers[PacketType.Publish] = packet => PacketBytes.Acknowledge(PacketType.PubRec, packet.Identifier, (ReasonCode)code);
        MqttClient client = run.Connect();
        PublishResult result = run.Await(Publish(client, 2));
        RequireEqual((ReasonCode)code, result.Reason, "what the caller is told");
        run.ExpectNone(client, PacketType.PubRel);
        run.Reconnect(client);
        run.ExpectNone(client, PacketType.Publish);
    });

    private static void RefusedPubAck(ClientRun run) => Each([0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99], code => $"{code:X2}", code =>
    {
        run.NewScript();
        run.Script.Answers[PacketType.Publish] = packet => PacketBytes.Acknowledge(PacketType.PubAck, packet.Identifier, (ReasonCode)code);
        MqttClient client = run.Connect();
        RequireEqual((ReasonCode)code, run.Await(Publish(client, 1)).Reason, "what the caller is told");
        run.Reconnect(client);
        run.ExpectNone(client, PacketType.Publish);
    });

    private static void PubRecTwice(ClientRun run)
    {
        run.Script.Silent.UnionWith([PacketType.PubRel]);
        MqttClient client = run.Connect();
        _ = Publish(client, 2);
        int identifier = run.Expect(PacketType.Publish).Identifier;
        run.Expect(PacketType.PubRel);
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
        RequireEqual(identifier, run.Expect(PacketType.PubRel).Identifier, "the identifier of the second PUBREL");
    }

    private static void Expired(ClientRun run) => Each([false, true], resumed => resumed ? "on a new connection" : "on the same connection", resumed =>
    {
        run.NewScript();
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        Task<PublishResult> task = client.TryPublishAsync(
            new MqttMessage { Topic = "t", Qos = QualityOfService.ExactlyOnce, Expiry = TimeSpan.FromSeconds(1) }).AsTask();
        ReceivedPacket packet = run.Expect(PacketType.Publish);
        RequireEqual(1, packet.Number(PropertyId.MessageExpiryInterval), "the Message Expiry Interval");
        run.PassSeconds(10);
        if (resumed)
        {
            run.Reconnect(client);
            packet = run.Expect(PacketType.Publish);
        }

        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, packet.Identifier));
        run.Expect(PacketType.PubRel);
        run.Await(task);
    });

    private static void UnknownPubRec(ClientRun run)
    {
        MqttClient client = run.Connect();
        run.Send(PacketBytes.Acknowledge(PacketType.PubRec, 1234));
        ReceivedPacket packet = run.Expect(PacketType.PubRel);
        RequireEqual((1234, ReasonCode.PacketIdentifierNotFound), (packet.Identifier, packet.Reason), "PUBREL");
        run.Settle(client);
    }

    private static void Forms(ClientRun run)
    {
        byte[][] tails = [[], [0], [0, 0], [0x10], [0x10, 0], [0, 8, .. Property.Text(PropertyId.ReasonString, "fine!")], [0, 7, .. Property.User("a", "b")]];
        Each(tails, Convert.ToHexString, tail =>
        {
            byte[] Answer(int firstByte, ReceivedPacket packet) =>
                PacketBytes.Frame(firstByte, new ByteWriter().TwoByte(packet.Identifier).Raw(tail).ToArray());

            run.NewScript();
            run.Script.Answers[PacketType.Publish] = packet => Answer(packet.Qos == 1 ? 0x40 : 0x50, packet);
            run.Script.Answers[PacketType.PubRel] = packet => tail is [0x10, ..] ? PacketBytes.Acknowledge(PacketType.PubComp, packet.Identifier) : Answer(0x70, packet);
            MqttClient client = run.Connect();
            RequireEqual(tail.Length == 0 ? ReasonCode.Success : (ReasonCode)tail[0], run.Await(Publish(client, 1)).Reason, "the answer to QoS 1");
            RequireEqual(tail.Length == 0 ? ReasonCode.Success : (ReasonCode)tail[0], run.Await(Publish(client, 2)).Reason, "the answer to QoS 2");
        });
    }

    private static void ManyConnections(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        Task<PublishResult> task = Publish(client, 2, "open");
        int identifier = run.Expect(PacketType.Publish).Identifier;
        for (int i = 0; i < 10; i++)
        {
            run.Reconnect(client);
            RequireEqual((identifier, true), (run.Expect(PacketType.Publish) is var packet ? packet.Identifier : 0, packet.Duplicate), "the resent message");
        }

        run.Script.Silent.Clear();
        run.Reconnect(client);
        run.Await(task);
    }
}
