using System.Text;
using Starling.Broker.Diagnostics;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What of a message reaches its receivers: properties, aliases, lifetime; and which topics are taken.</summary>
public sealed class ForwardingTests
{
    // Payload Format Indicator, two User Properties of one name, Content Type, Response Topic, Correlation Data, and a third.
    private const string Properties =
        "01 01 26 0001 61 0001 31 26 0001 61 0001 30 03 0004 74657874 08 0003 722F74 09 0002 00FF 26 0001 62 0000";

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [Statement("MQTT-3.3.2-4")]
    [Statement("MQTT-3.3.2-15")]
    [Statement("MQTT-3.3.2-16")]
    [Statement("MQTT-3.3.2-17")]
    [Statement("MQTT-3.3.2-18")]
    [Statement("MQTT-3.3.2-20")]
    public void Properties_are_forwarded_unaltered_and_in_order(int qos, int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient present = broker.Subscriber(broker.NameOn(shards - 1), "t", 2);
        string absent = broker.NameOn(0, 1);
        broker.Absent(absent, "t", 2);
        TestClient publisher = broker.Connect(broker.NameOn(0, 2));
        byte[] properties = Convert.FromHexString(Properties.Replace(" ", "", StringComparison.Ordinal));
        publisher.Send(new PublishPacket
        {
            Topic = "t"u8,
            Payload = "x"u8,
            Qos = (QualityOfService)qos,
            PacketIdentifier = (ushort)qos,
            Retain = true,
            Properties = properties,
        });
        Assert.Equal(properties, Assert.Single(present.Drain()).Properties);
        Assert.Equal(properties, Assert.Single(broker.Subscriber("later", "t").Drain()).Properties);
        if (qos > 0)
        {
            Assert.Equal(properties, Assert.Single(broker.Resume(absent).Drain()).Properties);
        }

        Assert.Equal("x", Assert.Single(broker.Subscriber("old", "t", 1, MqttVersion.V311).Drain()).Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-3.3.2-6")]
    [Statement("MQTT-3.3.2-5")]
    public void A_lifetime_counts_down_while_a_session_is_away_and_ends_there(int qos)
    {
        BrokerHarness broker = new();
        broker.Absent("absent", "t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.PublishExpiring("t", "long", 100, qos);
        publisher.PublishExpiring("t", "short", 10, qos == 1 ? 2 : 1);
        broker.PassSeconds(10.5);
        ReceivedPacket delivery = Assert.Single(broker.Resume("absent").Drain());
        Assert.Equal(("long", 90u), (delivery.Text, delivery.MessageExpiryIntervalSeconds));
        Assert.Equal(1, broker.Dropped(DropReason.Expired));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_lifetime_is_forwarded_whole_when_nothing_waits(int qos)
    {
        BrokerHarness broker = new(2);
        TestClient one = broker.Subscriber(broker.NameOn(0), "t", 2);
        TestClient two = broker.Subscriber(broker.NameOn(1), "t", 2);
        broker.Connect("p").PublishExpiring("t", "x", uint.MaxValue, qos);
        Assert.Equal(uint.MaxValue, Assert.Single(one.Drain()).MessageExpiryIntervalSeconds);
        Assert.Equal(uint.MaxValue, Assert.Single(two.Drain()).MessageExpiryIntervalSeconds);
    }

    [Fact]
    [Statement("MQTT-4.3.3-7")]
    [Statement("MQTT-4.3.3-13")]
    public void A_QoS_2_delivery_that_has_begun_goes_on_after_its_lifetime()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Persistent("s", "t", 2);
        broker.Connect("p").PublishExpiring("t", "x", 5, 2);
        ushort first = subscriber.ExpectPublish("t", "x").PacketIdentifier;
        subscriber.Cut();
        broker.PassSeconds(10);
        subscriber = broker.Resume("s");
        ReceivedPacket again = subscriber.ExpectPublish("t", "x");
        Assert.Equal((first, true), (again.PacketIdentifier, again.Duplicate));
        broker.PassSeconds(10);
        subscriber.PubRec(first);
        subscriber.Expect(PacketType.PubRel);
        subscriber.PubComp(first);
        subscriber.ExpectNothing();
    }

    [Fact]
    [Statement("U5-22")]
    [Statement("U5-23")]
    [Statement("MQTT-3.1.2-27")]
    [Statement("MQTT-3.3.2-12")]
    public void An_alias_of_the_client_stands_for_its_latest_topic_and_is_not_forwarded()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { TopicAliasMaximum = 2 });
        TestClient subscriber = broker.Subscriber("s", "#", 1);
        TestClient publisher = broker.Open();
        Assert.Equal((ushort)2, publisher.Connect("p").TopicAliasMaximum);
        publisher.PublishAlias("a", 1, "1");
        publisher.PublishAlias("b", 2, "2");
        publisher.PublishAlias("", 1, "3");
        publisher.PublishAlias("c", 1, "4");
        publisher.PublishAlias("", 1, "5");
        publisher.PublishAlias("", 2, "6");
        List<ReceivedPacket> got = subscriber.Drain();
        Assert.Equal("a1 b2 a3 c4 c5 b6", string.Join(' ', got.Select(packet => packet.Topic + packet.Text)));
        Assert.All(got, packet => Assert.Equal(0, packet.TopicAlias));
    }

    [Theory]
    [InlineData("", 2, ReasonCode.ProtocolError)]
    [InlineData("t", 3, ReasonCode.TopicAliasInvalid)]
    [InlineData("t", 65535, ReasonCode.TopicAliasInvalid)]
    [Statement("U5-21")]
    [Statement("MQTT-3.3.2-9")]
    public void An_alias_that_is_unknown_or_above_the_maximum_ends_the_connection(string topic, int alias, ReasonCode reason)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { TopicAliasMaximum = 2 });
        TestClient publisher = broker.Connect("p");
        publisher.PublishAlias(topic, (ushort)alias, "x");
        publisher.ExpectEnd(reason);
    }

    [Fact]
    [Statement("MQTT-3.3.2-7")]
    public void An_alias_ends_with_its_connection()
    {
        BrokerHarness broker = new();
        TestClient publisher = broker.Open();
        publisher.Connect("p", false, 100);
        publisher.PublishAlias("t", 1, "x");
        publisher.Cut();
        publisher = broker.Resume("p");
        publisher.PublishAlias("", 1, "x");
        publisher.ExpectEnd(ReasonCode.ProtocolError);
    }

    [Fact]
    [Statement("MQTT-3.1.2-26")]
    [Statement("MQTT-3.3.2-11")]
    [Statement("MQTT-3.3.2-8")]
    public void The_broker_sets_aliases_up_to_the_maximum_of_the_client()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.ConnectLimited("s", aliasMaximum: 2);
        subscriber.Subscribe("#", 2);
        TestClient publisher = broker.Connect("p");
        string[] topics = ["one", "two", "three"];
        Dictionary<ushort, string> known = [];
        for (int i = 0; i < 12; i++)
        {
            publisher.PublishWhole(topics[i % 3], topics[i % 3], i % 2 * 2);
            ReceivedPacket packet = Assert.Single(subscriber.Drain());
            Assert.InRange(packet.TopicAlias, 0, 2);
            if (packet.Topic.Length > 0 && packet.TopicAlias > 0)
            {
                known[packet.TopicAlias] = packet.Topic;
            }

            Assert.Equal(packet.Text, packet.Topic.Length > 0 ? packet.Topic : known[packet.TopicAlias]);
            Assert.True(i < 3 || packet.Topic.Length > 0 == (packet.Text == "three"));
        }
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-4.7.0-1")]
    [Statement("MQTT-3.3.2-1")]
    [Statement("MQTT-3.3.2-2")]
    [Statement("MQTT-4.7.3-1")]
    [Statement("MQTT-4.7.3-2")]
    public void A_topic_that_is_no_topic_ends_the_connection(MqttVersion version)
    {
        foreach (string topic in new[] { "612B", "23", "612F2B2F62", "", "6100", "EDA080", "C080", "F8888080", "FF" })
        {
            BrokerHarness broker = new();
            TestClient subscriber = broker.Subscriber("s", "#");
            TestClient publisher = broker.Connect("p", version);
            byte[] bytes = Convert.FromHexString(topic);
            byte[] body = [0, (byte)bytes.Length, .. bytes, .. version == MqttVersion.V5 ? new byte[] { 0 } : [], (byte)'x'];
            publisher.Send([0x30, (byte)body.Length, .. body]);
            if (version == MqttVersion.V5)
            {
                Assert.True(publisher.Expect(PacketType.Disconnect).Reason >= (ReasonCode)0x80);
            }

            publisher.ExpectClosed();
            subscriber.ExpectNothing();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT311-3.3.5-2")]
    [Statement("MQTT31-7")]
    public void A_client_may_not_publish_what_the_broker_says_about_itself(int qos)
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Subscriber("s", "$SYS/#", 2);
        foreach (MqttVersion version in new[] { MqttVersion.V31, MqttVersion.V311, MqttVersion.V5 })
        {
            TestClient publisher = broker.Connect($"p{version}", version);
            publisher.Publish("$SYS/broker/version", "forged", qos, qos, true);
            if (qos > 0)
            {
                ReceivedPacket answer = publisher.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec);
                Assert.Equal(version == MqttVersion.V5 ? ReasonCode.NotAuthorized : ReasonCode.Success, answer.Reason);
            }

            publisher.ExpectNothing();
        }

        subscriber.ExpectNothing();
        Assert.Null(broker.Retained("$SYS/broker/version"));
        Assert.Equal(3, broker.Dropped(DropReason.NotAuthorized));
    }

    [Fact]
    public void The_SYS_topics_come_at_their_interval_and_to_those_who_name_them_only()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SysInterval = TimeSpan.FromSeconds(10) });
        TestClient all = broker.Subscriber("all", "#");
        TestClient named = broker.Subscriber("named", "$SYS/#");
        all.ReadAll();
        named.ReadAll();
        broker.PassSeconds(10.1);
        List<ReceivedPacket> got = named.ReadAll();
        Assert.NotEmpty(got);
        Assert.All(got, packet => Assert.StartsWith("$SYS/", packet.Topic, StringComparison.Ordinal));
        all.ExpectNothing();
        broker.PassSeconds(1);
        named.ExpectNothing();
        Assert.NotEmpty(broker.Subscriber("later", "$SYS/#").ReadAll());
    }

    [Fact]
    public void A_large_message_passes_whole_to_every_kind_of_receiver()
    {
        BrokerHarness broker = new(2);
        TestClient[] subscribers =
        [
            broker.Subscriber(broker.NameOn(0), "t", 0),
            broker.Subscriber(broker.NameOn(1), "t", 1, MqttVersion.V311),
            broker.Subscriber(broker.NameOn(1, 1), "t", 2),
        ];
        byte[] payload = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i} ")));
        TestClient publisher = broker.Connect("p");
        publisher.Send(new PublishPacket { Topic = "t"u8, Payload = payload, Qos = QualityOfService.ExactlyOnce, PacketIdentifier = 1 });
        Assert.All(subscribers, subscriber => Assert.True(payload.AsSpan().SequenceEqual(Assert.Single(subscriber.Drain()).Payload)));
    }
}
