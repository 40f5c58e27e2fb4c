using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>The client as the receiver of messages.</summary>
internal static class ReceivingCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("QoS 0 gets no answer, QoS 1 PUBACK, QoS 2 PUBREC and then PUBCOMP",
            ["MQTT-3.3.4-1", "MQTT-4.3.2-4", "MQTT-4.3.3-8", "MQTT-4.3.3-11", "MQTT311-3.3.4-1", "MQTT311-4.3.2-2", "MQTT311-4.3.3-2"], Answers),
        new("After PUBACK the same identifier is a new message, whatever DUP says", ["MQTT-4.3.2-5", "MQTT311-4.3.2-2"], NewAfterPubAck),
        new("Until PUBREL a repeated message gets PUBREC again and is not delivered twice", ["MQTT-4.3.3-10", "MQTT311-4.3.3-2"], Repeated),
        new("After PUBCOMP the same identifier is a new message", ["MQTT-4.3.3-12", "MQTT311-4.3.3-2"], NewAfterPubComp),
        new("After a refusing PUBREC the same identifier is a new message", ["MQTT-4.3.3-9"], NewAfterRefusal),
        new("PUBREL is answered with PUBCOMP, also for an identifier that nobody knows", ["MQTT-4.3.3-11", "U5-40", "MQTT311-4.3.3-2"], UnknownPubRel),
        new("A QoS 2 exchange is finished although the message has expired", ["MQTT-4.3.3-13"], Expired),
        new("What no subscription of the program wants is acknowledged all the same", ["MQTT-4.5.0-2", "MQTT311-4.5.0-2"], Unwanted),
        new("What a program leaves unread when it ends a subscription is acknowledged", ["MQTT-4.5.0-2", "MQTT311-4.5.0-2"], Unread),
        new("A program may refuse a message with the codes of PUBACK and PUBREC and with no others", ["MQTT-3.4.2-1", "MQTT-3.5.2-1"], Codes),
        new("PUBACK, PUBREC and PUBCOMP have no Reason String and User Properties that the server did not ask for",
            ["MQTT-3.4.2-2", "MQTT-3.4.2-3", "MQTT-3.5.2-2", "MQTT-3.5.2-3", "MQTT-3.6.2-2", "MQTT-3.6.2-3", "MQTT-3.7.2-2", "MQTT-3.7.2-3"], NoExplanations),
        new("PUBREL and PUBREC with a code and properties are taken", ["U5-38"], Forms),
        new("As many QoS 2 messages as the client takes at a time are finished",
            ["MQTT-4.3.3-11", "MQTT311-4.3.3-2"], WindowOfQos2),
    ];

    private static void Answers(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe(AckMode.OnDelivery);
        run.Script.Answers[PacketType.PubRec] = _ => [];
        int before = run.Server.Received.Count;
        run.Send(ServerBytes.Publish(run.Version, 0, 0, "zero"));
        run.Await(subscription.ReadAsync().AsTask());
        run.Settle(client);
        RequireEqual(before + 1, run.Server.Received.Count, "the number of packets after QoS 0");
        run.Send(ServerBytes.Publish(run.Version, 1, 7, "one"));
        run.Await(subscription.ReadAsync().AsTask());
        RequireEqual((7, ReasonCode.Success), (run.Expect(PacketType.PubAck) is var pubAck ? pubAck.Identifier : 0, pubAck.Reason), "PUBACK");
        run.Send(ServerBytes.Publish(run.Version, 2, 8, "two"));
        run.Await(subscription.ReadAsync().AsTask());
        RequireEqual(8, run.Expect(PacketType.PubRec).Identifier, "the identifier of PUBREC");
        run.Send(PacketBytes.Acknowledge(PacketType.PubRel, 8));
        RequireEqual((8, ReasonCode.Success), (run.Expect(PacketType.PubComp) is var pubComp ? pubComp.Identifier : 0, pubComp.Reason), "PUBCOMP");
    }

    private static void NewAfterPubAck(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe(AckMode.OnDelivery);
        foreach (bool duplicate in new[] { false, true, true, false })
        {
            run.Send(PacketBytes.Publish(run.Version, new WireMessage("t", $"{duplicate}") { Qos = 1, Duplicate = duplicate }, 7));
            MqttDelivery delivery = run.Await(subscription.ReadAsync().AsTask());
            RequireEqual(duplicate, delivery.Duplicate, "DUP as the program sees it");
            run.Expect(PacketType.PubAck);
        }
    }

    private static void Repeated(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        run.Script.Answers[PacketType.PubRec] = _ => [];
        byte[] repeat = PacketBytes.Publish(run.Version, new WireMessage("t", "x") { Qos = 2, Duplicate = true }, 7);
        run.Send(ServerBytes.Publish(run.Version, 2, 7));
        MqttDelivery first = run.Await(subscription.ReadAsync().AsTask());
        run.Send(repeat);
        run.Await(first.AckAsync().AsTask());
        run.Expect(PacketType.PubRec);
        run.Send(repeat);
        run.Expect(PacketType.PubRec);
        run.Reconnect(client);
        run.Send(repeat);
        RequireEqual(7, run.Expect(PacketType.PubRec).Identifier, "the identifier of PUBREC on a new connection");
        run.Send(PacketBytes.Acknowledge(PacketType.PubRel, 7));
        RequireEqual(ReasonCode.Success, run.Expect(PacketType.PubComp).Reason, "the code of PUBCOMP");
        run.Send(ServerBytes.Publish(run.Version, 0, 0, "next"));
        RequireEqual("next", TextOf(run.Await(subscription.ReadAsync().AsTask())), "the next message");
    }

    private static void NewAfterPubComp(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe(AckMode.OnDelivery);
        for (int i = 0; i < 3; i++)
        {
            run.Send(PacketBytes.Publish(run.Version, new WireMessage("t", $"{i}") { Qos = 2, Duplicate = i == 1 }, 7));
            RequireEqual($"{i}", TextOf(run.Await(subscription.ReadAsync().AsTask())), "the message");
            run.Expect(PacketType.PubRec);
            run.Expect(PacketType.PubComp);
        }
    }

    private static void NewAfterRefusal(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe();
        for (int i = 0; i < 3; i++)
        {
            run.Send(ServerBytes.Publish(run.Version, 2, 7, $"{i}"));
            MqttDelivery delivery = run.Await(subscription.ReadAsync().AsTask());
            RequireEqual($"{i}", TextOf(delivery), "the message");
            run.Await(delivery.RejectAsync(ReasonCode.NotAuthorized).AsTask());
            RequireEqual(ReasonCode.NotAuthorized, run.Expect(PacketType.PubRec).Reason, "the code of PUBREC");
        }
    }

    private static void UnknownPubRel(ClientRun run)
    {
        MqttClient client = run.Connect();
        run.Send(PacketBytes.Acknowledge(PacketType.PubRel, 1234));
        ReceivedPacket packet = run.Expect(PacketType.PubComp);
        RequireEqual((1234, run.IsV5 ? ReasonCode.PacketIdentifierNotFound : ReasonCode.Success), (packet.Identifier, packet.Reason), "PUBCOMP");
        run.Settle(client);
    }

    private static void Expired(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe();
        run.Send(ServerBytes.Publish(run.Version, 2, 7, "x", Property.MessageExpiryInterval(1)));
        run.PassSeconds(5);
        run.Await(run.Await(subscription.ReadAsync().AsTask()).AckAsync().AsTask());
        RequireEqual(ReasonCode.Success, run.Expect(PacketType.PubRec).Reason, "the code of PUBREC");
        RequireEqual(ReasonCode.Success, run.Expect(PacketType.PubComp).Reason, "the code of PUBCOMP");
    }

    private static void Unwanted(ClientRun run)
    {
        run.Connect();
        run.Send(ServerBytes.Publish(run.Version, 1, 7));
        run.Send(ServerBytes.Publish(run.Version, 2, 8));
        run.PassSeconds(30);
        RequireEqual(7, run.Expect(PacketType.PubAck).Identifier, "the identifier of PUBACK");
        RequireEqual(8, run.Expect(PacketType.PubRec).Identifier, "the identifier of PUBREC");
        run.Expect(PacketType.PubComp);
    }

    private static void Unread(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe();
        run.Send(ServerBytes.Publish(run.Version, 1, 7));
        run.Send(ServerBytes.Publish(run.Version, 2, 8));
        run.Await(subscription.DisposeAsync().AsTask());
        RequireEqual(7, run.Expect(PacketType.PubAck).Identifier, "the identifier of PUBACK");
        RequireEqual(8, run.Expect(PacketType.PubRec).Identifier, "the identifier of PUBREC");
    }

    private static void Codes(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        ReasonCode[] allowed = [.. (ClientCodes.Find(PacketType.PubAck)?.Codes ?? []).Select(code => (ReasonCode)code).Where(code => code >= ReasonCode.UnspecifiedError)];
        int identifier = 0;
        Each(Enumerable.Range(0, 256).Select(code => (ReasonCode)code), code => $"{(int)code:X2}", code =>
        {
            foreach (int qos in new[] { 1, 2 })
            {
                run.Send(ServerBytes.Publish(run.Version, qos, ++identifier));
                MqttDelivery delivery = run.Await(subscription.ReadAsync().AsTask());
                if (allowed.Contains(code))
                {
                    run.Await(delivery.RejectAsync(code).AsTask());
                    RequireEqual(code, run.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec).Reason, "the code");
                }
                else
                {
                    RequireRefusal(() => _ = delivery.RejectAsync(code).AsTask(), $"{code}");
                    run.Await(delivery.AckAsync().AsTask());
                    run.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec);
                }
            }
        });
        run.Settle(client);
    }

    private static void NoExplanations(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.MaximumPacketSize(1000);
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        run.Send(ServerBytes.Publish(run.Version, 1, 7));
        run.Await(run.Await(subscription.ReadAsync().AsTask()).RejectAsync(ReasonCode.NotAuthorized).AsTask());
        run.Send(ServerBytes.Publish(run.Version, 2, 8));
        run.Await(run.Await(subscription.ReadAsync().AsTask()).AckAsync().AsTask());
        run.Await(Publish(client, 2));
        PacketType[] types = [PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp];
        foreach (PacketType type in types)
        {
            ReceivedPacket packet = run.Expect(type);
            Require(!packet.Has(PropertyId.ReasonString) && !packet.Has(PropertyId.UserProperty), $"{packet} explains itself");
        }
    }

    private static void Forms(ClientRun run) =>
        Each([[], [0], [0, 0], [0, 8, .. Property.Text(PropertyId.ReasonString, "fine!")], [0x92], [0x92, 0]], Convert.ToHexString, (byte[] tail) =>
        {
            run.NewScript();
            run.Script.Answers[PacketType.PubRec] = packet => PacketBytes.Frame(0x62, new ByteWriter().TwoByte(packet.Identifier).Raw(tail).ToArray());
            (MqttClient client, MqttSubscription subscription) = run.Subscribe(AckMode.OnDelivery);
            run.Send(ServerBytes.Publish(run.Version, 2, 7));
            run.Await(subscription.ReadAsync().AsTask());
            RequireEqual(7, run.Expect(PacketType.PubComp).Identifier, "the identifier of PUBCOMP");
            run.Settle(client);
        });

    private static void WindowOfQos2(ClientRun run)
    {
        (_, MqttSubscription subscription) = run.Subscribe(AckMode.OnDelivery, options => options.ReceiveMaximum = 3);
        run.Script.Answers[PacketType.PubRec] = _ => [];
        for (int i = 1; i <= 3; i++)
        {
            run.Send(ServerBytes.Publish(run.Version, 2, i));
            run.Await(subscription.ReadAsync().AsTask());
            RequireEqual(i, run.Expect(PacketType.PubRec).Identifier, "the identifier of PUBREC");
        }

        for (int i = 1; i <= 3; i++)
        {
            run.Send(PacketBytes.Acknowledge(PacketType.PubRel, i));
            RequireEqual(i, run.Expect(PacketType.PubComp).Identifier, "the identifier of PUBCOMP");
        }
    }

    private static string TextOf(MqttDelivery delivery) => System.Text.Encoding.UTF8.GetString(delivery.Message.Payload.Span);
}
