using Starling.Broker.Diagnostics;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Receive Maximum in both directions, and that its places are never lost.</summary>
public sealed class WindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-3.3.4-9")]
    [Statement("MQTT-4.9.0-2")]
    public void No_more_deliveries_are_open_than_the_client_takes(int qos)
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 2);
        subscriber.Subscribe("t", qos);
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 5; i++)
        {
            publisher.PublishWhole("t", $"{i}", 2);
        }

        List<ReceivedPacket> open = subscriber.ReadAll();
        Assert.Equal(["0", "1"], open.Select(packet => packet.Text));
        if (qos == 2)
        {
            subscriber.PubRec(open[0].PacketIdentifier);
            subscriber.Expect(PacketType.PubRel);
            subscriber.ExpectNothing();
            subscriber.PubComp(open[0].PacketIdentifier);
        }
        else
        {
            subscriber.PubAck(open[0].PacketIdentifier);
        }

        ReceivedPacket third = subscriber.ExpectPublish("t", "2");
        subscriber.ExpectNothing();
        subscriber.AnswerDelivery(third);
        subscriber.AnswerDelivery(open[1]);
        Assert.Equal(["3", "4"], subscriber.DrainTexts());
    }

    [Fact]
    [Statement("MQTT-3.3.4-10")]
    [Statement("MQTT-4.9.0-3")]
    public void A_full_window_holds_up_neither_QoS_0_nor_other_packets()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 1);
        subscriber.Subscribe("t", 1);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "open", 1);
        publisher.PublishWhole("t", "waits", 1);
        publisher.PublishWhole("t", "at most once", 0);
        subscriber.ExpectPublish("t", "open");
        subscriber.ExpectPublish("t", "at most once");
        subscriber.Ping();
        subscriber.Expect(PacketType.PingResp);
        subscriber.Subscribe("u", 1);
        subscriber.Publish("v", "", 1, 5);
        subscriber.Expect(PacketType.PubAck);
        subscriber.ExpectNothing();
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public void A_client_of_3x_gets_the_window_of_the_options(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { OutgoingWindow3x = 3 });
        TestClient subscriber = broker.Subscriber("s", "t", 1, version);
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 5; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
        }

        List<ReceivedPacket> open = subscriber.ReadAll();
        Assert.Equal(["0", "1", "2"], open.Select(packet => packet.Text));
        open.ForEach(subscriber.AnswerDelivery);
        Assert.Equal(["3", "4"], subscriber.DrainTexts());
    }

    [Fact]
    [Statement("MQTT-3.1.2-25")]
    public void A_message_too_large_for_the_client_gives_its_place_back()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 1, packetBytesMax: 64);
        subscriber.Subscribe("t", 2);
        TestClient publisher = broker.Connect("p");
        foreach (int qos in new[] { 0, 1, 2 })
        {
            publisher.PublishWhole("t", new string('x', 100), qos);
            publisher.PublishWhole("t", $"small {qos}", qos);
        }

        Assert.Equal(["small 0", "small 1", "small 2"], subscriber.DrainTexts().Order());
        Assert.Equal(3, broker.Dropped(DropReason.PacketTooLarge));
        Assert.Equal(0, broker.Counters.QueuedMessagesNow);
    }

    [Fact]
    public void A_message_that_expires_in_the_queue_takes_no_place()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 1);
        subscriber.Subscribe("t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "open", 1);
        publisher.PublishExpiring("t", "short-lived", 1, 1);
        publisher.PublishExpiring("t", "short-lived too", 1, 2);
        publisher.Expect(PacketType.PubAck);
        publisher.Expect(PacketType.PubRec);
        publisher.PublishWhole("t", "last", 2, 3);
        ReceivedPacket open = subscriber.ExpectPublish("t", "open");
        broker.PassSeconds(2);
        subscriber.AnswerDelivery(open);
        Assert.Equal(["last"], subscriber.DrainTexts());
        Assert.Equal(2, broker.Dropped(DropReason.Expired));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("U5-26")]
    [Statement("MQTT-3.3.4-7")]
    public void A_publisher_over_the_announced_Receive_Maximum_is_disconnected_with_0x93(int qos)
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store, options: BrokerHarness.Options with { ReceiveMaximum = 2 });
        broker.Absent("absent", "t", 2);
        TestClient publisher = broker.Open();
        Assert.Equal((ushort)2, publisher.Connect("p").ReceiveMaximum);
        store.IsImmediate = false;
        publisher.Publish("t", "1", qos, 1);
        publisher.Publish("t", "2", qos, 2);
        publisher.Ping();
        publisher.Publish("t", "0");
        publisher.Expect(PacketType.PingResp);
        publisher.ExpectNothing();
        publisher.Publish("t", "3", qos, 3);
        publisher.ExpectEnd(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    [Statement("MQTT-3.3.4-8")]
    public void Finished_exchanges_of_every_kind_give_the_publisher_its_places_back()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ReceiveMaximum = 1 });
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 3; i++)
        {
            publisher.PublishWhole("t", "", 1);
            publisher.PublishWhole("t", "", 2);
            publisher.Publish("$SYS/no", "", 1, 1);
            publisher.Expect(PacketType.PubAck);
            publisher.Publish("$SYS/no", "", 2, 1);
            publisher.Expect(PacketType.PubRec);
        }

        publisher.ExpectNothing();
    }

    [Fact]
    public void PUBREL_for_an_unknown_identifier_gives_no_place_back()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ReceiveMaximum = 1 });
        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", "", 2, 1);
        publisher.Expect(PacketType.PubRec);
        publisher.PubRel(5);
        publisher.Expect(PacketType.PubComp);
        publisher.Publish("t", "", 2, 2);
        publisher.ExpectEnd(ReasonCode.ReceiveMaximumExceeded);
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public void A_publisher_of_3x_is_held_at_1024_waiting_acknowledgements_and_loses_nothing(MqttVersion version)
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store);
        broker.Absent("absent", "t", 1);
        TestClient publisher = broker.Connect("p", version);
        store.IsImmediate = false;
        for (int i = 1; i <= 1500; i++)
        {
            publisher.Publish("t", $"{i}", 1, i);
        }

        publisher.Ping();
        publisher.ExpectNothing();
        Assert.Equal(1024, store.Of(Ports.StoreRecordKind.Message).Count());
        store.Commit();
        List<ReceivedPacket> rest;
        Assert.Equal(Enumerable.Range(1, 1024), PubAcks(rest = publisher.ReadAll()));
        store.Commit();
        rest.AddRange(publisher.ReadAll());
        Assert.Equal(Enumerable.Range(1025, 476), PubAcks(rest).Skip(1024));
        Assert.Single(rest, packet => packet.Type == PacketType.PingResp);
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    public void A_packet_over_the_announced_size_ends_the_connection(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { PacketBytesMax = 1024 });
        TestClient publisher = broker.Connect("p", version);
        publisher.Publish("t", new string('x', 1024 - 3 - 3 - (version == MqttVersion.V5 ? 1 : 0)));
        publisher.ExpectNothing();
        publisher.Publish("t", new string('x', 1024));
        publisher.ExpectEnd(ReasonCode.PacketTooLarge);
    }

    [Fact]
    [Statement("MQTT-3.1.2-24")]
    public void Nothing_larger_than_the_client_takes_is_sent_to_it()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.ConnectLimited("s", packetBytesMax: 20);
        subscriber.SendSubscribe(1, 5, subscriber.Filter("t", 1));
        subscriber.Expect(PacketType.SubAck);
        TestClient publisher = broker.Connect("p");
        for (int length = 0; length < 20; length++)
        {
            publisher.PublishWhole("t", new string('x', length), length & 1);
        }

        List<ReceivedPacket> got = subscriber.Drain();
        Assert.All(got, packet => Assert.True(packet.Bytes.Length <= 20));
        Assert.Equal(20 - got.Count, broker.Dropped(DropReason.PacketTooLarge));
        Assert.Contains(got, packet => packet.Bytes.Length == 20);
    }

    private static IEnumerable<int> PubAcks(IEnumerable<ReceivedPacket> packets) =>
        packets.Where(packet => packet.Type == PacketType.PubAck).Select(packet => (int)packet.PacketIdentifier);
}
