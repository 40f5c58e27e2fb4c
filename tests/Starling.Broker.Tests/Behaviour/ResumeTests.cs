using Starling.Broker.Diagnostics;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class ResumeTests
{
    public static TheoryData<MqttVersion> Versions => BrokerHarness.Versions;

    [Theory, MemberData(nameof(Versions))]
    [Statement("MQTT-4.4.0-1"), Statement("MQTT311-4.4.0-1"), Statement("MQTT-3.3.1-1"), Statement("MQTT311-4.6.0-1"), Statement("MQTT311-3.3.1-1")]
    public void Open_deliveries_come_again_in_order_with_their_identifiers_and_DUP_and_before_new_ones(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = Persistent(broker, version);
        TestClient publisher = broker.Connect("publisher");
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 2, 2);
        publisher.Publish("t", "3", 1, 3);
        List<ReceivedPacket> first = client.ReadAll();
        Assert.Equal(["1", "2", "3"], first.Select(packet => packet.Text));
        Assert.All(first, packet => Assert.False(packet.Duplicate));
        client.Cut();
        publisher.Publish("t", "4", 1, 4);
        TestClient again = Resume(broker, version);
        List<ReceivedPacket> second = again.ReadAll();
        Assert.Equal(["1", "2", "3", "4"], second.Select(packet => packet.Text));
        Assert.Equal(first.Select(packet => packet.PacketIdentifier), second.Take(3).Select(packet => packet.PacketIdentifier));
        Assert.Equal([true, true, true, false], second.Select(packet => packet.Duplicate));
        Assert.Equal([1, 2, 1, 1], second.Select(packet => (int)packet.Qos));
    }

    [Fact, Statement("MQTT-4.4.0-1")]
    public void Nothing_is_repeated_while_the_connection_lives()
    {
        BrokerHarness broker = new();
        TestClient client = Persistent(broker, MqttVersion.V5);
        broker.Connect("publisher").Publish("t", "1", 1, 1);
        client.ExpectPublish("t", "1");
        broker.PassSeconds(3600);
        client.ExpectNothing();
    }

    [Theory, MemberData(nameof(Versions))]
    [Statement("MQTT-4.3.3-4"), Statement("MQTT-4.3.3-6"), Statement("MQTT311-4.3.3-1")]
    public void A_delivery_past_PUBREC_goes_on_with_PUBREL(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = Persistent(broker, version);
        TestClient publisher = broker.Connect("publisher");
        publisher.Publish("t", "1", 2, 1);
        publisher.Publish("t", "2", 2, 2);
        ushort one = client.ExpectPublish("t", "1").PacketIdentifier;
        ushort two = client.ExpectPublish("t", "2").PacketIdentifier;
        client.PubRec(one);
        Assert.Equal(one, client.Expect(PacketType.PubRel).PacketIdentifier);
        client.Cut();
        client = Resume(broker, version);
        Assert.Equal(one, client.Expect(PacketType.PubRel).PacketIdentifier);
        Assert.Equal(two, client.ExpectPublish("t", "2").PacketIdentifier);
        client.PubComp(one);
        client.PubRec(two);
        Assert.Equal(two, client.Expect(PacketType.PubRel).PacketIdentifier);
        client.PubComp(two);
        client.Cut();
        client = Resume(broker, version);
        client.ExpectNothing();
    }

    [Fact, Statement("MQTT-4.6.0-4"), Statement("MQTT311-4.6.0-4")]
    public void PUBREL_follows_the_order_of_PUBREC()
    {
        BrokerHarness broker = new();
        TestClient client = Persistent(broker, MqttVersion.V311);
        TestClient publisher = broker.Connect("publisher");
        for (int i = 1; i <= 3; i++)
        {
            publisher.Publish("t", "x", 2, i);
        }

        ushort[] identifiers = [.. client.ReadAll().Select(packet => packet.PacketIdentifier)];
        ushort[] order = [identifiers[2], identifiers[0], identifiers[1]];
        foreach (ushort identifier in order)
        {
            client.PubRec(identifier);
        }

        Assert.Equal(order, client.ReadAll().Select(packet => packet.PacketIdentifier));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-4.4.0-2")]
    public void A_delivery_refused_by_the_receiver_is_over(int qos)
    {
        BrokerHarness broker = new();
        TestClient client = Persistent(broker, MqttVersion.V5);
        broker.Connect("publisher").Publish("t", "1", qos, 1);
        ushort identifier = client.ExpectPublish("t", "1").PacketIdentifier;
        client.Acknowledge(qos == 1 ? PacketType.PubAck : PacketType.PubRec, identifier, ReasonCode.QuotaExceeded);
        client.ExpectNothing();
        client.Cut();
        Resume(broker, MqttVersion.V5).ExpectNothing();
        Assert.Equal(1, broker.Dropped(DropReason.RefusedByReceiver));
    }

    [Fact, Statement("MQTT-4.8.2-6")]
    public void A_shared_delivery_that_is_refused_goes_to_nobody_else()
    {
        BrokerHarness broker = new();
        TestClient one = broker.Subscriber("one", "$share/g/t", 1);
        TestClient two = broker.Subscriber("two", "$share/g/t", 1);
        broker.Connect("publisher").Publish("t", "x", 1, 1);
        List<ReceivedPacket> atOne = one.ReadAll();
        List<ReceivedPacket> atTwo = two.ReadAll();
        Assert.Equal(1, atOne.Count + atTwo.Count);
        (TestClient holder, ReceivedPacket packet) = atOne.Count == 1 ? (one, atOne[0]) : (two, atTwo[0]);
        holder.PubAck(packet.PacketIdentifier, ReasonCode.NotAuthorized);
        holder.Cut();
        Assert.Empty((holder == one ? two : one).ReadAll());
    }

    [Fact, Statement("U5-40")]
    public void Unknown_identifiers_are_answered_and_not_punished()
    {
        TestClient client = new BrokerHarness().Connect("c");
        client.PubRec(1234);
        client.PubRel(1235);
        client.PubAck(1236);
        client.PubComp(1237);
        ReceivedPacket pubRel = client.Expect(PacketType.PubRel);
        Assert.Equal((1234, ReasonCode.PacketIdentifierNotFound), (pubRel.PacketIdentifier, pubRel.Reason));
        ReceivedPacket pubComp = client.Expect(PacketType.PubComp);
        Assert.Equal((1235, ReasonCode.PacketIdentifierNotFound), (pubComp.PacketIdentifier, pubComp.Reason));
        client.ExpectNothing();
    }

    [Fact]
    public void Unknown_identifiers_of_3_x_end_their_exchanges_too()
    {
        TestClient client = new BrokerHarness().Connect("c", MqttVersion.V311);
        client.PubRec(1234);
        client.PubRel(1235);
        Assert.Equal([0x62, 0x02, 0x04, 0xD2], client.Expect(PacketType.PubRel).Bytes);
        Assert.Equal([0x70, 0x02, 0x04, 0xD3], client.Expect(PacketType.PubComp).Bytes);
        client.ExpectNothing();
    }

    [Theory, MemberData(nameof(Versions))]
    [Statement("MQTT-4.3.3-10"), Statement("MQTT311-4.3.3-2")]
    public void A_repeated_QoS_2_message_is_delivered_once_also_over_a_reconnect(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "t", 2);
        TestClient client = broker.Connect("p", version, cleanStart: false, expiry: 100);
        client.Publish("t", "x", 2, 7);
        client.PublishAgain("t", "x", 2, 7);
        Assert.Equal(7, client.Expect(PacketType.PubRec).PacketIdentifier);
        Assert.Equal(7, client.Expect(PacketType.PubRec).PacketIdentifier);
        client.Cut();
        client = broker.Connect("p", version, cleanStart: false, expiry: 100);
        client.PublishAgain("t", "x", 2, 7);
        Assert.Equal(7, client.Expect(PacketType.PubRec).PacketIdentifier);
        client.PubRel(7);
        Assert.Equal(ReasonCode.Success, client.Expect(PacketType.PubComp).Reason);
        watcher.ExpectPublish("t", "x");
        watcher.ExpectNothing();
        client.Publish("t", "y", 2, 7);
        client.Expect(PacketType.PubRec);
        watcher.ExpectPublish("t", "y");
    }

    [Theory]
    [InlineData(MqttVersion.V311, MqttVersion.V5)]
    [InlineData(MqttVersion.V5, MqttVersion.V31)]
    public void A_session_is_resumed_in_another_version(MqttVersion before, MqttVersion after)
    {
        BrokerHarness broker = new();
        TestClient client = Persistent(broker, before);
        broker.Connect("publisher").Publish("t", "x", 1, 1);
        ushort identifier = client.ExpectPublish("t", "x").PacketIdentifier;
        client.Cut();
        Assert.Equal(identifier, Resume(broker, after).ExpectPublish("t", "x").PacketIdentifier);
    }

    [Fact, Statement("MQTT-4.9.0-1"), Statement("MQTT-3.3.4-9"), Statement("MQTT-4.9.0-2")]
    public void Redelivery_keeps_to_the_new_Receive_Maximum()
    {
        BrokerHarness broker = new();
        TestClient client = Persistent(broker, MqttVersion.V5);
        TestClient publisher = broker.Connect("publisher");
        for (int i = 1; i <= 4; i++)
        {
            publisher.Publish("t", $"{i}", 1, i);
        }

        Assert.Equal(4, client.ReadAll().Count);
        client.Cut();
        client = broker.Open();
        ConnectPacket connect = client.NewConnect("c", cleanStart: false, expiry: 100);
        connect.ReceiveMaximum = 2;
        client.Connect(connect);
        ushort one = client.ExpectPublish("t", "1").PacketIdentifier;
        client.ExpectPublish("t", "2");
        client.ExpectNothing();
        client.PubAck(one);
        client.ExpectPublish("t", "3");
        client.ExpectNothing();
    }

    private static TestClient Persistent(BrokerHarness broker, MqttVersion version)
    {
        TestClient client = broker.Connect("c", version, cleanStart: false, expiry: 100);
        client.Subscribe("t", 2);
        return client;
    }

    private static TestClient Resume(BrokerHarness broker, MqttVersion version) =>
        broker.Connect("c", version, cleanStart: false, expiry: 100);
}
