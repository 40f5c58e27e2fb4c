using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>SUBSCRIBE and UNSUBSCRIBE.</summary>
internal static class RequestCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("Every SUBSCRIBE has a filter with its options, and every UNSUBSCRIBE a filter",
            ["MQTT-3.8.3-2", "MQTT-3.10.3-2", "MQTT311-3.8.3-3", "MQTT311-3.10.3-2"], Filters),
        new("Shared subscriptions are not No Local", ["MQTT-3.8.3-4"], SharedNoLocal),
        new("A shared filter is $share, the name and the filter", ["MQTT-4.8.2-1", "MQTT-4.8.2-2"], SharedFilter),
        new("Well-formed filters are sent as they are",
            ["MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT311-4.7.1-2", "MQTT311-4.7.1-3"], GoodFilters),
        new("SUBSCRIBE and UNSUBSCRIBE have the flags laid down for them", ["MQTT-2.1.3-1", "MQTT311-2.2.2-1", "MQTT31-2"], Flags),
        new("Subscription Identifiers are in SUBSCRIBE and never in PUBLISH", ["MQTT-3.3.4-6"], SubscriptionIdentifiers),
        new("An empty property list is written as length zero", ["MQTT-2.2.2-1"], EmptyProperties),
        new("Numbers are written in the fewest bytes", ["MQTT-1.5.5-1"], FewestBytes),
    ];

    private static void Filters(ClientRun run)
    {
        MqttClient client = run.Connect();
        MqttSubscription subscription = run.Await(
            client.SubscribeAsync("a/+", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce, NoLocal = true, RetainAsPublished = true }).AsTask());
        ReceivedPacket packet = run.Expect(PacketType.Subscribe);
        RequireEqual(("a/+", run.IsV5 ? 0x0E : 2), packet.Filters.Single(), "the filter and its options");
        run.Await(subscription.DisposeAsync().AsTask());
        RequireEqual("a/+", run.Expect(PacketType.Unsubscribe).Filters.Single().Filter, "the filter of UNSUBSCRIBE");
    }

    private static void SharedNoLocal(ClientRun run)
    {
        MqttClient client = run.Connect();
        RequireRefusal(() => client.Subscribe("$share/g/t", new SubscribeOptions { NoLocal = true }), "a shared filter");
        RequireRefusal(() => client.Subscribe("t", new SubscribeOptions { NoLocal = true, ShareGroup = "g" }), "a share group");
        run.ExpectNone(client, PacketType.Subscribe);
    }

    private static void SharedFilter(ClientRun run)
    {
        MqttClient client = run.Connect();
        run.Await(client.SubscribeAsync("a/#", new SubscribeOptions { ShareGroup = "g" }).AsTask());
        RequireEqual("$share/g/a/#", run.Expect(PacketType.Subscribe).Filters[0].Filter, "the filter of a group");
        run.Await(client.SubscribeAsync("$share/h//b").AsTask());
        RequireEqual("$share/h//b", run.Expect(PacketType.Subscribe).Filters[0].Filter, "the filter as it was given");
    }

    private static void GoodFilters(ClientRun run)
    {
        MqttClient client = run.Connect();
        Each(["#", "+", "a/#", "+/+", "/", "//", "a/+/b", "+/#", "$SYS/#", " ", "a b"], filter => filter, filter =>
        {
            run.Await(client.SubscribeAsync(filter).AsTask());
            RequireEqual(filter, run.Expect(PacketType.Subscribe).Filters[0].Filter, "the filter");
        });
    }

    private static void Flags(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        RequireEqual(0x82, (int)run.Expect(PacketType.Subscribe).FirstByte, "the first byte of SUBSCRIBE");
        run.Await(Publish(client, 2));
        RequireEqual(0x62, (int)run.Expect(PacketType.PubRel).FirstByte, "the first byte of PUBREL");
        run.Await(subscription.DisposeAsync().AsTask());
        RequireEqual(0xA2, (int)run.Expect(PacketType.Unsubscribe).FirstByte, "the first byte of UNSUBSCRIBE");
    }

    private static void SubscriptionIdentifiers(ClientRun run)
    {
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        Require(run.Expect(PacketType.Subscribe).Number(PropertyId.SubscriptionIdentifier) is null or > 0, "Subscription Identifier 0");
        run.Send(ServerBytes.Publish(run.Version, 0, 0, "x", [.. Property.SubscriptionIdentifier(1), .. Property.User("a", "b")]));
        MqttDelivery delivery = run.Await(subscription.ReadAsync().AsTask());
        run.Await(client.PublishAsync(delivery.Message with { Topic = "copy" }).AsTask());
        ReceivedPacket copy = run.Expect(PacketType.Publish);
        Require(!copy.Has(PropertyId.SubscriptionIdentifier), "PUBLISH has a Subscription Identifier");
        RequireEqual("a=b", copy.TextOf(PropertyId.UserProperty), "what is passed on");
        run.NewScript();
        run.Script.ConnAckProperties = Property.Number(PropertyId.SubscriptionIdentifiersAvailable, 0);
        run.Subscribe();
        Require(!run.Expect(PacketType.Subscribe).Has(PropertyId.SubscriptionIdentifier), "a server without them got one");
    }

    private static void EmptyProperties(ClientRun run)
    {
        run.Script.ConnAckProperties = Property.Number(PropertyId.SubscriptionIdentifiersAvailable, 0);
        (MqttClient client, MqttSubscription subscription) = run.Subscribe();
        RequireEqual("820700010000012302", Convert.ToHexString(run.Expect(PacketType.Subscribe).Bytes), "SUBSCRIBE");
        run.Await(Publish(client, 1));
        RequireEqual("320700017400020078", Convert.ToHexString(run.Expect(PacketType.Publish).Bytes), "PUBLISH");
        run.Await(subscription.DisposeAsync().AsTask());
        RequireEqual("A206000300000123", Convert.ToHexString(run.Expect(PacketType.Unsubscribe).Bytes), "UNSUBSCRIBE");
    }

    private static void FewestBytes(ClientRun run)
    {
        MqttClient client = run.Connect();
        Each([0, 1, 123, 124, 127, 128, 16_379, 16_380, 16_384, 2_097_140, 2_097_150], length => $"{length} bytes", length =>
        {
            run.Await(Publish(client, 0, new string('x', length)));
            run.WaitFor(() => run.Server.Of(PacketType.Publish).Any(packet => packet.Payload.Length == length), "the message");
            ReceivedPacket packet = run.Server.Of(PacketType.Publish).Last(packet => packet.Payload.Length == length);
            int bodyBytes = length + 4;
            int lengthBytes = bodyBytes < 128 ? 1 : bodyBytes < 16_384 ? 2 : bodyBytes < 2_097_152 ? 3 : 4;
            RequireEqual(1 + lengthBytes + bodyBytes, packet.Bytes.Length, "the size");
            string value = new('v', Math.Min(length, 60_000));
            run.Await(client.PublishAsync(new MqttMessage { Topic = "p", UserProperties = [new UserProperty("n", value)] }).AsTask());
        });
        Require(run.Server.Received.All(packet => packet.Breaches.Count == 0), "a length is longer than it need be");
    }
}
