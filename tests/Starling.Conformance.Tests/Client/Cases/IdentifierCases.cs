using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>Packet Identifiers.</summary>
internal static class IdentifierCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("Every packet that needs an identifier takes one that is not 0 and not in use",
            ["MQTT-2.2.1-3", "MQTT-4.3.2-1", "MQTT-4.3.3-1", "MQTT311-2.3.1-1", "MQTT311-2.3.1-2", "MQTT311-4.3.2-1"], Unique),
        new("A QoS 0 PUBLISH has no identifier", ["MQTT-2.2.1-2", "MQTT311-2.3.1-5"], NoneAtQos0),
        new("Acknowledgements repeat the identifier of their PUBLISH", ["MQTT-2.2.1-5", "MQTT311-2.3.1-6"], Repeated),
        new("An identifier is used again only after the packet that closes its exchange",
            ["MQTT-2.2.1-3", "MQTT311-2.3.1-2", "MQTT311-2.3.1-3"], HeldOverTheRound),
        new("An acknowledgement that belongs to no message changes nothing", ["MQTT-2.2.1-5", "MQTT311-2.3.1-3"], ForeignAcknowledgement),
        new("An identifier stays with its message over a new connection", ["MQTT311-2.3.1-3", "MQTT-4.4.0-1"], OverConnections),
    ];

    private static void Unique(ClientRun run)
    {
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.Subscribe, PacketType.Unsubscribe]);
        MqttClient client = run.Connect();
        for (int i = 0; i < 40; i++)
        {
            _ = Publish(client, 1);
            _ = Publish(client, 2);
            client.Subscribe($"s/{i}");
        }

        run.Settle(client);
        int[] identifiers = [.. run.Server.Received.Where(packet => packet.Type == PacketType.Subscribe || packet.Qos > 0).Select(packet => packet.Identifier)];
        RequireEqual(120, identifiers.Length, "the number of packets");
        RequireEqual(120, identifiers.Distinct().Count(), "the number of identifiers");
        Require(!identifiers.Contains(0), "0 is among them");
    }

    private static void NoneAtQos0(ClientRun run)
    {
        MqttClient client = run.Connect();
        run.Await(Publish(client, 0, "AB"));
        byte[] expected = run.IsV5 ? [0x30, 6, 0, 1, (byte)'t', 0, (byte)'A', (byte)'B'] : [0x30, 5, 0, 1, (byte)'t', (byte)'A', (byte)'B'];
        RequireEqual(Convert.ToHexString(expected), Convert.ToHexString(run.Expect(PacketType.Publish).Bytes), "the packet");
    }

    private static void Repeated(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe(AckMode.OnDelivery);
        _ = ReadAllAsync(subscription);
        run.Script.Answers[PacketType.PubRec] = _ => [];
        Each([1, 2, 255, 256, 65535], identifier => $"{identifier}", identifier =>
        {
            run.Send(PacketBytes.Publish(run.Version, new WireMessage("t", "x") { Qos = 1 }, identifier));
            RequireEqual(identifier, run.Expect(PacketType.PubAck).Identifier, "the identifier of PUBACK");
            run.Send(PacketBytes.Publish(run.Version, new WireMessage("t", "x") { Qos = 2 }, identifier));
            RequireEqual(identifier, run.Expect(PacketType.PubRec).Identifier, "the identifier of PUBREC");
            run.Send(PacketBytes.Acknowledge(PacketType.PubRel, identifier));
            RequireEqual(identifier, run.Expect(PacketType.PubComp).Identifier, "the identifier of PUBCOMP");
        });
        _ = Publish(client, 2);
        RequireEqual(run.Expect(PacketType.Publish).Identifier, run.Expect(PacketType.PubRel).Identifier, "the identifier of PUBREL");
    }

    private static void HeldOverTheRound(ClientRun run)
    {
        const int Messages = 70_000;
        int held = 0;
        int heldAgain = 0;
        run.Script.Answers[PacketType.Publish] = packet =>
        {
            if (packet.Text == "held")
            {
                held = packet.Identifier;
                return PacketBytes.Acknowledge(PacketType.PubRec, packet.Identifier);
            }

            heldAgain += packet.Identifier == held ? 1 : 0;
            return packet.Qos == 1 ? PacketBytes.Acknowledge(PacketType.PubAck, packet.Identifier) : [];
        };
        run.Script.Silent.Add(PacketType.PubRel);
        MqttClient client = run.Connect();
        Task first = Publish(client, 2, "held");
        run.Expect(PacketType.PubRel);
        List<Task> open = [];
        for (int i = 0; i < Messages; i++)
        {
            open.Add(Publish(client, 1));
            if (open.Count == 500)
            {
                run.Await(Task.WhenAll(open));
                open.Clear();
            }
        }

        run.Await(Task.WhenAll(open));
        RequireEqual(0, heldAgain, "the number of messages with the identifier that was in use");
        Require(!first.IsCompleted, "the message without PUBCOMP is done");
        run.Send(PacketBytes.Acknowledge(PacketType.PubComp, held));
        run.Await(first);
    }

    private static void ForeignAcknowledgement(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        Task open = Publish(client, 1);
        ReceivedPacket packet = run.Expect(PacketType.Publish);
        run.Send(PacketBytes.Acknowledge(PacketType.PubAck, packet.Identifier + 1));
        run.Settle(client);
        Require(!open.IsCompleted, "the message is done with the PUBACK of another");
        run.Send(PacketBytes.Acknowledge(PacketType.PubAck, packet.Identifier));
        run.Await(open);
    }

    private static void OverConnections(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        _ = Publish(client, 1, "old");
        int identifier = run.Expect(PacketType.Publish).Identifier;
        run.Reconnect(client);
        RequireEqual(identifier, run.Expect(PacketType.Publish).Identifier, "the identifier of the resent message");
        _ = Publish(client, 1, "new");
        Require(run.Expect(PacketType.Publish).Identifier != identifier, "a new message has the identifier of an open one");
        run.Send(PacketBytes.Acknowledge(PacketType.PubAck, identifier));
        run.Settle(client);
    }

    private static async Task ReadAllAsync(MqttSubscription subscription)
    {
        await foreach (MqttDelivery _ in subscription)
        {
            // Each is acknowledged when it is handed out.
        }
    }
}
