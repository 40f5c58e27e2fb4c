using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>CONNECT: what is in it, and that it comes first.</summary>
internal static class ConnectingCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("Every connection begins with CONNECT, and has one",
            ["MQTT-3.1.0-1", "MQTT311-3.1.0-1"], FirstPacket),
        new("CONNECT has the protocol name and level of its version",
            ["MQTT-3.1.2-1", "MQTT31-6", "MQTT311-3.1.0-1"], ProtocolName),
        new("CONNECT without a Will has no Will flags and no Will fields",
            ["MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT311-3.1.2-11", "MQTT311-3.1.2-13", "MQTT311-3.1.2-15"], NoWill),
        new("CONNECT with a Will has its QoS, its RETAIN and all its fields",
            ["MQTT-3.1.2-9", "MQTT-3.1.2-12", "MQTT311-3.1.2-9", "MQTT311-3.1.2-14"], Will),
        new("The flags of user name and password say which of them is there",
            ["MQTT-3.1.2-16", "MQTT-3.1.2-17", "MQTT-3.1.2-18", "MQTT-3.1.2-19",
                "MQTT311-3.1.2-18", "MQTT311-3.1.2-19", "MQTT311-3.1.2-20", "MQTT311-3.1.2-21", "MQTT311-3.1.2-22"],
            Credentials),
        new("The fields of CONNECT stand in their order",
            ["MQTT-3.1.3-1", "MQTT-3.1.3-3", "MQTT311-3.1.3-1", "MQTT311-3.1.3-3"], FieldOrder),
        new("A client without a name of its own makes one up, and keeps no session",
            ["MQTT311-3.1.3-7", "MQTT31-1", "MQTT-3.1.3-3"], NoIdentifier),
        new("An empty Client Identifier goes with Clean Session only", ["MQTT311-3.1.3-7"], EmptyIdentifier),
        new("An empty Client Identifier is not sent in 3.1", ["MQTT31-1"], EmptyIdentifierInV31),
        new("The same Client Identifier goes with every connection of a session",
            ["MQTT-3.1.3-2", "MQTT311-3.1.3-2"], SameIdentifier),
        new("What is published before CONNACK goes out after it, with what was announced there",
            ["U5-47"], NothingBeforeConnAck),
        new("What CONNACK leaves out has the value of the specification", ["U5-09"], Defaults),
    ];

    private static void FirstPacket(ClientRun run)
    {
        MqttClient client = run.Connect();
        run.Await(Publish(client, 0));
        run.Reconnect(client);
        run.Settle(client);
        RequireEqual(PacketType.Connect, run.Server.Received[0].Type, "the first packet");
        RequireEqual(1, run.Server.Of(PacketType.Connect).Count(), "the number of CONNECT packets");
    }

    private static void ProtocolName(ClientRun run)
    {
        run.Connect();
        ReceivedConnect connect = ConnectOf(run);
        RequireEqual(run.Version == MqttVersion.V31 ? "MQIsdp" : "MQTT", connect.ProtocolName, "the name");
        RequireEqual((int)run.Version, connect.Level, "the level");
    }

    private static void NoWill(ClientRun run)
    {
        run.Connect();
        RequireEqual(0, ConnectOf(run).Flags & 0x3C, "the Will flags");
    }

    private static void Will(ClientRun run) => Each(
        [(0, false), (1, false), (2, false), (0, true), (1, true), (2, true)],
        variant => $"{variant}",
        variant =>
        {
            (int qos, bool retain) = variant;
            run.Connect(options =>
            {
                options.WillDelay = TimeSpan.FromSeconds(7);
                options.Will = new MqttMessage
                {
                    Topic = "w/t", Payload = PayloadOf("gone"), Qos = (QualityOfService)qos, Retain = retain, ContentType = "text", PayloadIsUtf8 = true,
                };
            });
            ReceivedConnect connect = ConnectOf(run);
            RequireEqual((true, qos, retain), (connect.HasWill, connect.WillQos, connect.WillRetain), "the flags");
            RequireEqual("w/t", connect.WillTopic, "the Will Topic");
            RequireEqual("gone", System.Text.Encoding.UTF8.GetString(connect.WillPayload ?? []), "the Will Payload");
            PropertyId[] expected = run.IsV5
                ? [PropertyId.PayloadFormatIndicator, PropertyId.ContentType, PropertyId.WillDelayInterval]
                : [];
            Require(expected.SequenceEqual(connect.WillProperties.Select(property => property.Id).Order()), "the Will Properties differ");
        });

    private static void Credentials(ClientRun run) => Each(
        [(null, null), ("me", null), ("me", "secret"), (null, "secret"), ("", "secret")],
        variant => $"{variant}",
        ((string? User, string? Password) variant) =>
        {
            run.Connect(options => options.Credentials = new MqttPassword(variant.User, variant.Password));
            ReceivedConnect connect = ConnectOf(run);
            RequireEqual(variant.User, connect.UserName, "the user name");

            // 3.x has no password without a user name.
            string? password = run.IsV5 || variant.User is not null ? variant.Password : null;
            RequireEqual(password, connect.Password is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null, "the password");
        });

    private static void FieldOrder(ClientRun run)
    {
        run.Connect(options =>
        {
            options.ClientId = "the-client";
            options.Will = new MqttMessage { Topic = "the/topic", Payload = PayloadOf("the payload") };
            options.Credentials = new MqttPassword("the user", "the password");
        });
        ReceivedPacket packet = run.Server.Received[0];
        Require(packet.Breaches.Count == 0, $"{packet} is malformed");
        string text = System.Text.Encoding.Latin1.GetString(packet.Bytes);
        int[] places = [.. new[] { "the-client", "the/topic", "the payload", "the user", "the password" }.Select(field => text.IndexOf(field, StringComparison.Ordinal))];
        Require(places[0] > 0 && places.SequenceEqual(places.Order()), $"the fields stand at {string.Join(", ", places)}");
    }

    private static void NoIdentifier(ClientRun run)
    {
        run.Connect(options => options.ClientId = null);
        ReceivedConnect connect = ConnectOf(run);
        Require(connect.ClientIdentifier.Length is > 0 and <= 23, $"'{connect.ClientIdentifier}' is no identifier that every server takes");
        Require(connect.CleanStart, "Clean Session is 0");
    }

    private static void EmptyIdentifier(ClientRun run)
    {
        run.Connect(options => options.ClientId = "");
        ReceivedConnect connect = ConnectOf(run);
        Require(connect.CleanStart || connect.ClientIdentifier.Length > 0, "Clean Session is 0 with an empty identifier");
    }

    private static void EmptyIdentifierInV31(ClientRun run) =>
        RequireRefusal(() => run.NewClient(options => options.ClientId = ""), "an empty Client Identifier");

    private static void SameIdentifier(ClientRun run)
    {
        MqttClient client = run.Connect(options => options.ClientId = "known");
        RequireEqual("known", ConnectOf(run).ClientIdentifier, "the first identifier");
        run.Reconnect(client);
        RequireEqual("known", ConnectOf(run).ClientIdentifier, "the second identifier");
        run.Connect(options => options.ClientId = "other");
        RequireEqual("other", ConnectOf(run).ClientIdentifier, "the identifier of another client");
    }

    private static void NothingBeforeConnAck(ClientRun run)
    {
        run.Script.ConnAcks.Enqueue([]);
        MqttClient client = run.NewClient();
        Task connecting = client.ConnectAsync().AsTask();
        Task publishing = Publish(client, 1);
        MqttSubscription subscription = client.Subscribe("s");
        run.WaitFor(() => run.Connections > 0 && run.Server.Received.Count > 0, "CONNECT");
        run.PassSeconds(1);
        RequireEqual(1, run.Server.Received.Count, "the number of packets before CONNACK");
        run.Send(ServerBytes.ConnAck(run.Version, false, 0, Property.MaximumPacketSize(1000)));
        run.Await(connecting);
        run.Await(publishing);
        run.Await(subscription.Ready);
    }

    private static void Defaults(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect(options => options.KeepAlive = TimeSpan.FromSeconds(11));
        ServerInfo server = client.Server ?? throw new InvalidOperationException("Not connected.");
        RequireEqual(65535, (int)server.ReceiveMaximum, "Receive Maximum");
        RequireEqual(QualityOfService.ExactlyOnce, server.MaximumQos, "Maximum QoS");
        RequireEqual(TimeSpan.FromSeconds(11), server.KeepAlive, "Keep Alive");
        Require(
            server is { RetainAvailable: true, WildcardSubscriptionAvailable: true, SharedSubscriptionAvailable: true, SubscriptionIdentifiersAvailable: true },
            "what is not announced as missing is there");
        Publish(client, 2, new string('x', 300_000));
        RequireEqual(300_000, run.Expect(PacketType.Publish).Payload.Length, "the payload of a message without limit");
    }

    private static ReceivedConnect ConnectOf(ClientRun run) => run.Server.Received[0].Connect ?? throw new InvalidOperationException("No CONNECT.");
}
