using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>What the client keeps from one connection to the next, and what it throws away.</summary>
internal static class SessionCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("Session Present 1 without state on the client's side ends the connection", ["MQTT-3.2.2-4"], UnknownSession),
        new("Session Present 0 throws away what the client had received at QoS 2", ["MQTT-3.2.2-5", "MQTT311-3.1.2-6"], LostIncoming),
        new("Session Present 0 throws away the exchanges of the client: what it sends then is new",
            ["MQTT-3.2.2-5", "MQTT-4.4.0-1"], LostOutgoing),
        new("After Session Present 0 the client subscribes again, and after 1 it need not", ["MQTT-3.2.2-5"], Subscriptions),
        new("A clean start throws away the client's part of the session", ["MQTT-3.1.2-4", "MQTT311-3.1.2-6"], CleanStart),
        new("The client keeps its session when the connection ends",
            ["MQTT-3.1.2-23", "MQTT-4.1.0-1", "MQTT311-4.1.0-1", "MQTT311-4.1.0-2"], Kept),
        new("The client keeps its session through a refused connection", ["MQTT-3.1.2-23", "MQTT311-4.1.0-1"], KeptThroughRefusal),
        new("The client asks for the session that it was told to keep", ["MQTT-3.1.2-4", "MQTT-3.1.2-23", "MQTT311-3.1.2-6"], Wishes),
    ];

    private static void UnknownSession(ClientRun run) => Each([true, false], named => named ? "clean start" : "no identifier", named =>
    {
        run.NewScript();
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, true));
        MqttClient client = run.NewClient(options =>
        {
            options.CleanStart = named;
            options.ClientId = named ? "c" : null;
        });
        Task connecting = client.ConnectAsync().AsTask();
        run.WaitFor(() => run.Connections == 1 && run.Server.IsClosed, "the client closes the connection");
        RequireEqual(0, run.Server.Of(PacketType.Subscribe).Count() + run.Server.Of(PacketType.Publish).Count(), "other packets");
        run.WaitFor(() => connecting.IsCompleted || run.Connections > 1, "an end");
    });

    private static void LostIncoming(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        run.Script.Answers[PacketType.PubRec] = _ => [];
        run.Send(ServerBytes.Publish(run.Version, 2, 7, "first"));
        run.Await(run.Await(subscription.ReadAsync().AsTask()).AckAsync().AsTask());
        run.Expect(PacketType.PubRec);
        run.Script.KeepsSessions = false;
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, false));
        run.Reconnect(client);
        run.Send(ServerBytes.Publish(run.Version, 2, 7, "second"));
        MqttDelivery delivery = run.Await(subscription.ReadAsync().AsTask());
        RequireEqual("second", System.Text.Encoding.UTF8.GetString(delivery.Message.Payload.Span), "the message in the new session");
    }

    private static void LostOutgoing(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        Task<PublishResult> one = Publish(client, 1, "one");
        run.Expect(PacketType.Publish);
        Task<PublishResult> two = Publish(client, 2, "two");
        run.Expect(PacketType.Publish);
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, false));
        run.Script.Silent.Clear();
        run.Reconnect(client);
        run.Settle(client);
        Require(run.Server.Of(PacketType.Publish).All(packet => !packet.Duplicate), "a message of the lost session came with DUP 1");
        Require(!run.Server.Of(PacketType.PubRel).Any() || run.Server.Of(PacketType.Publish).Any(packet => packet.Text == "two"), "PUBREL of a lost session");
        run.WaitFor(() => one.IsCompleted && two.IsCompleted, "the end of both messages");
    }

    private static void Subscriptions(ClientRun run)
    {
        (MqttClient client, _) = run.Subscribe();
        run.Reconnect(client);
        run.ExpectNone(client, PacketType.Subscribe);
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, false));
        run.Reconnect(client);
        run.Expect(PacketType.Subscribe);
    }

    private static void CleanStart(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe(AckMode.Manual, options => options.SessionExpiry = TimeSpan.Zero);
        run.Script.Silent.Add(PacketType.Publish);
        run.Script.Answers[PacketType.PubRec] = _ => [];
        _ = Publish(client, 1, "mine");
        ReceivedPacket before = run.Expect(PacketType.Publish);
        run.Send(ServerBytes.Publish(run.Version, 2, 7, "first"));
        run.Await(run.Await(subscription.ReadAsync().AsTask()).AckAsync().AsTask());
        run.Expect(PacketType.PubRec);
        run.Reconnect(client);
        Require(run.Server.Received[0].Connect is { CleanStart: true }, "the client does not ask for a clean start");
        RequireEqual(false, before.Duplicate || run.Expect(PacketType.Publish).Duplicate, "DUP of what is new to the server");
        run.Send(ServerBytes.Publish(run.Version, 2, 7, "second"));
        MqttDelivery delivery = run.Await(subscription.ReadAsync().AsTask());
        RequireEqual("second", System.Text.Encoding.UTF8.GetString(delivery.Message.Payload.Span), "the message in the new session");
    }

    private static void Kept(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        run.Script.Silent.Add(PacketType.Publish);
        run.Script.Answers[PacketType.PubRec] = _ => [];
        _ = Publish(client, 1, "mine");
        int identifier = run.Expect(PacketType.Publish).Identifier;
        run.Send(ServerBytes.Publish(run.Version, 2, 7, "theirs"));
        run.Await(run.Await(subscription.ReadAsync().AsTask()).AckAsync().AsTask());
        run.Expect(PacketType.PubRec);
        run.PassSeconds(20);
        run.Reconnect(client);
        ReceivedPacket again = run.Expect(PacketType.Publish);
        RequireEqual((identifier, true, "mine"), (again.Identifier, again.Duplicate, again.Text), "the message that was open");

        // Its PUBREC was lost, so the server repeats the message: it is answered, and not delivered twice.
        run.Send(PacketBytes.Publish(run.Version, new WireMessage("t", "theirs") { Qos = 2, Duplicate = true }, 7));
        RequireEqual(7, run.Expect(PacketType.PubRec).Identifier, "the identifier of PUBREC");
        run.Send(ServerBytes.Publish(run.Version, 0, 0, "next"));
        MqttDelivery next = run.Await(subscription.ReadAsync().AsTask());
        RequireEqual("next", System.Text.Encoding.UTF8.GetString(next.Message.Payload.Span), "the message after the repeated one");
    }

    private static void KeptThroughRefusal(ClientRun run)
    {
        run.Script.Silent.Add(PacketType.Publish);
        MqttClient client = run.Connect();
        _ = Publish(client, 1, "mine");
        int identifier = run.Expect(PacketType.Publish).Identifier;
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, false, run.IsV5 ? 0x88 : 3));
        run.Server.Cut();
        run.WaitFor(() => run.Connections == 3 && client.State == ConnectionState.Connected, "a connection after the refusal");
        ReceivedPacket again = run.Expect(PacketType.Publish);
        RequireEqual((identifier, true), (again.Identifier, again.Duplicate), "the message that was open");
    }

    private static void Wishes(ClientRun run)
    {
        MqttClient client = run.Connect(options => options.SessionExpiry = TimeSpan.FromMinutes(10));
        RequireEqual((false, run.IsV5 ? 600L : null), WishesOf(run), "Clean Start and Session Expiry Interval");
        run.Reconnect(client);
        RequireEqual((false, run.IsV5 ? 600L : null), WishesOf(run), "Clean Start and Session Expiry Interval of the second connection");
        run.Connect(options => options.SessionExpiry = TimeSpan.Zero);
        RequireEqual(true, WishesOf(run).CleanStart, "Clean Start of a client without a session");
    }

    private static (bool CleanStart, long? Expiry) WishesOf(ClientRun run)
    {
        ReceivedPacket packet = run.Server.Received[0];
        return (packet.Connect is { CleanStart: true }, packet.Number(Protocol.Packets.PropertyId.SessionExpiryInterval));
    }
}
