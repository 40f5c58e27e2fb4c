using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Where a Packet Identifier stands, and that it is never 0 (chapters 2.2.1 of 5.0 and 2.3.1 of 3.1.1).</summary>
internal static class IdentifierZeroCases
{
    private const string Statement = "MQTT-2.2.1-3";
    private const string Statement311 = "MQTT311-2.3.1-1";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "SUBSCRIBE with Packet Identifier 0 is an error",
            [Statement, Statement311],
            run => ZeroAsync(run, PacketBytes.Subscribe(run.Version, 0, [], (run.NewTopic(), 0)))),
        new(
            "UNSUBSCRIBE with Packet Identifier 0 is an error",
            [Statement, Statement311],
            run => ZeroAsync(run, PacketBytes.Unsubscribe(run.Version, 0, run.NewTopic()))),
        new(
            "A QoS 1 PUBLISH with Packet Identifier 0 is an error",
            [Statement, Statement311],
            run => ZeroAsync(run, PublishZero(run, 1))) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 PUBLISH with Packet Identifier 0 is an error",
            [Statement, Statement311],
            run => ZeroAsync(run, PublishZero(run, 2))) { Needs = Needs.Qos2 },
        new("Packet Identifiers 1 and 65535 are as good as any", [Statement, Statement311], FirstAndLastAsync) { Needs = Needs.Qos1 },
        new("A QoS 0 PUBLISH to the server has no Packet Identifier", ["MQTT-2.2.1-2", "MQTT311-2.3.1-5"], ToServerAsync),
        new("A QoS 0 PUBLISH from the server has no Packet Identifier", ["MQTT-2.2.1-2", "MQTT311-2.3.1-5"], FromServerAsync),
        new(
            "A QoS 1 message that is delivered with QoS 0 has no Packet Identifier",
            ["MQTT-2.2.1-2", "MQTT311-2.3.1-5"],
            run => DowngradedAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 message that is delivered with QoS 0 has no Packet Identifier",
            ["MQTT-2.2.1-2", "MQTT311-2.3.1-5"],
            run => DowngradedAsync(run, 2)) { Needs = Needs.Qos2 },
    ];

    private static byte[] PublishZero(CaseRun run, int qos) =>
        PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "zero") { Qos = qos }, 0);

    private static async Task ZeroAsync(CaseRun run, byte[] packet)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendRefusedAsync(packet, Scene.FormatErrors);
    }

    private static async Task FirstAndLastAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        string topic = run.NewTopic();
        foreach (int identifier in new[] { 1, 65535 })
        {
            await client.SendAsync(PacketBytes.Subscribe(run.Version, identifier, [], (topic, 0)));
            run.RequireEqual(identifier, (await client.ExpectAsync(PacketType.SubAck)).Identifier, "the identifier of SUBACK");
            await client.SendAsync(PacketBytes.Unsubscribe(run.Version, identifier, topic));
            run.RequireEqual(identifier, (await client.ExpectAsync(PacketType.UnsubAck)).Identifier, "the identifier of UNSUBACK");
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(topic, "edge") { Qos = 1 }, identifier));
            run.RequireEqual(identifier, (await client.ExpectAsync(PacketType.PubAck)).Identifier, "the identifier of PUBACK");
        }
    }

    /// <summary>A server that looked for an identifier would take the first bytes of what follows for it.</summary>
    private static async Task ToServerAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        foreach (byte[] payload in new byte[][] { [], [0], [0, 10], [0, 10, 0, 20] })
        {
            await client.PublishAsync(new WireMessage(topic, payload));
            WirePacket publish = await client.ExpectAsync(PacketType.Publish);
            run.RequireEqual(Convert.ToHexString(payload), Convert.ToHexString(publish.Payload), "the payload");
        }
    }

    /// <summary>An identifier in front of what belongs there would be read as properties or as payload.</summary>
    private static async Task FromServerAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        byte[] properties = run.IsV5 ? Property.User("name", "value") : [];
        foreach (string text in new[] { "first", "second" })
        {
            await client.PublishAsync(new WireMessage(topic, text) { Properties = properties });
            WirePacket publish = await client.ExpectAsync(PacketType.Publish);
            run.RequireEqual(run.IsV5 ? "name=value" : null, publish.TextOf(PropertyId.UserProperty), "the User Property");
            run.RequireEqual(text, publish.Text, "the payload");
        }
    }

    private static async Task DowngradedAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        await client.PublishAsync(topic, "downgraded", qos);
        WirePacket publish = await client.TakeAsync(PacketType.Publish);
        run.RequireEqual(0, publish.Qos, "the QoS");
        run.RequireEqual(topic, publish.Topic, "the topic");
        run.RequireEqual("downgraded", publish.Text, "the payload");
    }
}
