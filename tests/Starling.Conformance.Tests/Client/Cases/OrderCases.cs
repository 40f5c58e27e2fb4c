using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>The order of what the client sends.</summary>
internal static class OrderCases
{
    private const int Messages = 12;

    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("Resent messages keep the order in which they were first sent", ["MQTT-4.6.0-1", "MQTT311-4.6.0-1"], Resends),
        new("PUBACKs leave in the order of the PUBLISHes, in whatever order a program acknowledges", ["MQTT-4.6.0-2", "MQTT311-4.6.0-2"], PubAcks),
        new("PUBRECs leave in the order of the PUBLISHes, in whatever order a program acknowledges", ["MQTT-4.6.0-3", "MQTT311-4.6.0-3"], PubRecs),
        new("PUBRELs leave in the order of the PUBRECs", ["MQTT-4.6.0-4", "MQTT311-4.6.0-4"], PubRels),
        new("Resent PUBRELs leave in the order of the PUBRECs", ["MQTT-4.6.0-4", "MQTT311-4.6.0-4"], ResentPubRels),
    ];

    private static void Resends(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        for (int i = 0; i < Messages; i++)
        {
            _ = Publish(client, 1 + (i % 2), $"{i}");
        }

        run.WaitFor(() => run.Server.Of(PacketType.Publish).Count() == Messages, "all messages");
        ReceivedPacket[] first = [.. run.Server.Of(PacketType.Publish)];

        // One in the middle is done before the connection ends.
        run.Send(PacketBytes.Acknowledge(first[4].Qos == 1 ? PacketType.PubAck : PacketType.PubRec, first[4].Identifier));
        run.Settle(client);
        run.Reconnect(client);
        _ = Publish(client, 1, "new");
        run.WaitFor(() => run.Server.Of(PacketType.Publish).Any(packet => packet.Text == "new"), "the new message");
        string expected = string.Join(' ', first.Where(packet => packet != first[4]).Select(packet => $"{packet.Identifier}:{packet.Text}"));
        string came = string.Join(' ', run.Server.Of(PacketType.Publish).Where(packet => packet.Text != "new").Select(packet => $"{packet.Identifier}:{packet.Text}"));
        RequireEqual(expected, came, "the order");
    }

    private static void PubAcks(ClientRun run) => Acknowledgements(run, 1, PacketType.PubAck);

    private static void PubRecs(ClientRun run) => Acknowledgements(run, 2, PacketType.PubRec);

    private static void Acknowledgements(ClientRun run, int qos, PacketType type)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        int[] identifiers = [.. Enumerable.Range(0, Messages).Select(i => ((i * 7) % Messages) + 100)];
        List<MqttDelivery> deliveries = [];
        foreach (int identifier in identifiers)
        {
            run.Send(ServerBytes.Publish(run.Version, qos, identifier));
            deliveries.Add(run.Await(subscription.ReadAsync().AsTask()));
        }

        foreach (int i in new[] { 3, 1, 0, 11, 2, 10, 5, 4, 9, 6, 8, 7 })
        {
            run.Await(deliveries[i].AckAsync().AsTask());
            run.Settle(client);
        }

        RequireEqual(string.Join(' ', identifiers), string.Join(' ', run.Server.Of(type).Select(packet => packet.Identifier)), "the order");
    }

    private static void PubRels(ClientRun run)
    {
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        MqttClient client = run.Connect();
        int[] order = PublishAll(run, client);
        foreach (int identifier in order)
        {
            run.Send(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
        }

        run.Settle(client);
        RequireEqual(string.Join(' ', order), string.Join(' ', run.Server.Of(PacketType.PubRel).Select(packet => packet.Identifier)), "the order");
    }

    private static void ResentPubRels(ClientRun run)
    {
        run.Script.Silent.UnionWith([PacketType.Publish, PacketType.PubRel]);
        MqttClient client = run.Connect();
        int[] order = PublishAll(run, client);
        foreach (int identifier in order)
        {
            run.Send(PacketBytes.Acknowledge(PacketType.PubRec, identifier));
        }

        run.Settle(client);
        run.Reconnect(client);
        run.Settle(client);
        RequireEqual(string.Join(' ', order), string.Join(' ', run.Server.Of(PacketType.PubRel).Select(packet => packet.Identifier)), "the order");
    }

    // The identifiers of open QoS 2 messages, shuffled.
    private static int[] PublishAll(ClientRun run, MqttClient client)
    {
        for (int i = 0; i < Messages; i++)
        {
            _ = Publish(client, 2, $"{i}");
        }

        run.WaitFor(() => run.Server.Of(PacketType.Publish).Count() == Messages, "all messages");
        int[] identifiers = [.. run.Server.Of(PacketType.Publish).Select(packet => packet.Identifier)];
        return [.. Enumerable.Range(0, Messages).Select(i => identifiers[(i * 5) % Messages])];
    }
}
