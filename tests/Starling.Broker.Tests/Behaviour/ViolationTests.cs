using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class ViolationTests
{
    [Theory]
    [InlineData("00 00", ReasonCode.MalformedPacket, "U5-01")]
    [InlineData("20 03 00 00 00", ReasonCode.ProtocolError, "U5-03")]
    [InlineData("90 04 00 01 00 00", ReasonCode.ProtocolError, "U5-03")]
    [InlineData("B0 04 00 01 00 00", ReasonCode.ProtocolError, "U5-03")]
    [InlineData("D0 00", ReasonCode.ProtocolError, "U5-03")]
    [InlineData("C0 01 00", ReasonCode.MalformedPacket, "U5-04")]
    [InlineData("36 06 00 01 74 00 01 00", ReasonCode.MalformedPacket, "MQTT-3.3.1-4")]
    [InlineData("30 06 00 01 74 02 0B 05", ReasonCode.ProtocolError, "MQTT-3.3.4-6")]
    [InlineData("30 07 00 01 74 03 23 00 41", ReasonCode.TopicAliasInvalid, "MQTT-3.3.2-9")]
    [InlineData("30 06 00 00 03 23 00 01", ReasonCode.ProtocolError, "U5-21")]
    [InlineData("30 FF FF FF FF 01", ReasonCode.MalformedPacket, "U5-02")]
    [InlineData("E0 02 00 05", ReasonCode.MalformedPacket, "U5-0")]
    [Statement("U5-01"), Statement("U5-03"), Statement("MQTT-3.3.4-6"), Statement("MQTT-4.13.1-1"), Statement("MQTT-3.3.2-9")]
    [Statement("U5-21")]
    public void A_broken_rule_ends_the_connection_with_its_reason_and_one_line_in_the_log(string packet, ReasonCode reason, string statement)
    {
        BrokerHarness broker = new();
        TestClient other = broker.Subscriber("other", "t");
        TestClient client = broker.Connect("c");
        client.SendHex(packet);
        client.Publish("t", "never");
        ReceivedPacket disconnect = client.Expect(PacketType.Disconnect);
        Assert.Equal(reason, disconnect.Reason);
        Assert.StartsWith(statement, disconnect.ReasonString, StringComparison.Ordinal);
        client.ExpectClosed();
        string line = Assert.Single(broker.Log.Warnings);
        Assert.Contains("c at in memory broke a rule", line, StringComparison.Ordinal);
        Assert.Contains(statement, line, StringComparison.Ordinal);
        other.ExpectNothing();
        broker.Connect("publisher").Publish("t", "x");
        other.ExpectPublish("t", "x");
    }

    [Theory]
    [InlineData("00 00")]
    [InlineData("F0 00")]
    [InlineData("20 02 00 00")]
    [InlineData("90 03 00 01 00")]
    [InlineData("B0 02 00 01")]
    [InlineData("D0 00")]
    [InlineData("36 05 00 01 74 00 01")]
    [InlineData("82 02 00 01")]
    [Statement("MQTT311-4.8.0-1"), Statement("U5-01")]
    public void In_3_1_1_a_broken_rule_ends_the_connection_without_a_packet(string packet)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", MqttVersion.V311);
        client.SendHex(packet);
        client.ExpectClosed();
        broker.Log.Single(1005);
    }

    [Theory]
    [InlineData(1, true, 0x9B)]
    [InlineData(2, false, 0x9A)]
    [Statement("MQTT-3.2.2-11"), Statement("MQTT-3.2.2-14")]
    public void A_client_that_ignores_what_is_not_available_is_ended(int maximumQos, bool retainAvailable, int reason)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with
        {
            MaximumQos = (QualityOfService)maximumQos,
            RetainAvailable = retainAvailable,
        });
        TestClient client = broker.Connect("c");
        client.Publish("t", "x", 2, 1, retain: true);
        client.ExpectEnd((ReasonCode)reason);
    }

    [Theory]
    [InlineData(QualityOfService.ExactlyOnce, false, 10, 0x9B)]
    [InlineData(QualityOfService.AtLeastOnce, true, 10, 0x9A)]
    [InlineData(QualityOfService.AtLeastOnce, false, 101, 0x95)]
    [InlineData(QualityOfService.AtLeastOnce, false, 100, 0x00)]
    [Statement("MQTT-3.2.2-11"), Statement("MQTT-3.2.2-14"), Statement("MQTT-3.2.2-15")]
    public void The_limits_of_CONNACK_say_what_may_be_sent(QualityOfService qos, bool retain, int packetBytes, int reason)
    {
        Protocol.Connections.ServerLimits limits = new()
        {
            MaximumQos = QualityOfService.AtLeastOnce,
            RetainAvailable = false,
            MaximumPacketBytes = 100,
        };
        Assert.Equal((ReasonCode)reason, limits.Check(qos, retain, packetBytes));
    }

    [Theory]
    [InlineData(MqttVersion.V5)]
    [InlineData(MqttVersion.V311)]
    [Statement("MQTT-3.2.2-15"), Statement("U5-42")]
    public void A_packet_above_the_limit_ends_the_connection_as_soon_as_its_length_is_known(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { PacketBytesMax = 1024 });
        TestClient client = broker.Connect("c", version);
        client.Publish("t", new string('x', 1000));
        client.ExpectNothing();
        client.SendHex("30 80 20");
        client.ExpectEnd(ReasonCode.PacketTooLarge);
    }

    [Fact, Statement("U5-26")]
    public void More_open_messages_than_the_Receive_Maximum_end_the_connection()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ReceiveMaximum = 2 });
        TestClient client = broker.Connect("c");
        for (int i = 1; i <= 5; i++)
        {
            client.Publish("t", "x", 1, i);
        }

        client.Publish("t", "x", 2, 1);
        client.Publish("t", "x", 2, 2);
        client.Publish("t", "x", 0);
        Assert.Equal(7, client.ReadAll().Count);
        client.Publish("t", "x", 2, 3);
        client.ExpectEnd(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact, Statement("U5-26")]
    public void PUBCOMP_and_a_repetition_take_no_further_place_in_the_Receive_Maximum()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { ReceiveMaximum = 2 });
        TestClient client = broker.Connect("c");
        client.Publish("t", "x", 2, 1);
        client.Publish("t", "x", 2, 2);
        client.PubRel(1);
        client.Publish("t", "x", 2, 3);
        Assert.Equal(
            [PacketType.PubRec, PacketType.PubRec, PacketType.PubComp, PacketType.PubRec], client.ReadAll().Select(packet => packet.Type));
        client.ExpectNothing();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 4)]
    [Statement("MQTT-3.2.2-17"), Statement("MQTT-3.2.2-18")]
    public void A_topic_alias_above_the_announced_maximum_ends_the_connection(int maximum, int alias)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { TopicAliasMaximum = maximum });
        TestClient client = broker.Connect("c");
        PublishPacket publish = TestClient.NewPublish("t", "x", 1, 1);
        publish.TopicAlias = (ushort)maximum;
        client.Send(publish);
        client.Expect(PacketType.PubAck);
        publish.TopicAlias = (ushort)alias;
        client.Send(publish);
        client.ExpectEnd(ReasonCode.TopicAliasInvalid);
    }

    [Fact]
    public void Topics_with_too_many_levels_end_the_connection()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { TopicLevelsMax = 3 });
        TestClient client = broker.Connect("c");
        client.Publish("1/2/3", "x", 1, 1);
        client.Expect(PacketType.PubAck);
        client.Publish("1/2/3/4", "x", 1, 2);
        client.ExpectEnd(ReasonCode.TopicNameInvalid);
    }

    [Theory]
    [InlineData("E0 00")]
    [InlineData("E0 01 04")]
    [InlineData("E0 02 00 00")]
    [Statement("U5-39"), Statement("MQTT-3.14.4-1"), Statement("MQTT-3.14.4-2")]
    public void Nothing_behind_DISCONNECT_is_processed(string disconnect)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        client.SendHex(disconnect);
        client.Publish("t", "x", retain: true);
        client.ExpectClosed();
        Assert.Null(broker.Retained("t"));
        Assert.Empty(broker.Log.Warnings);
    }

    [Fact]
    public void Every_byte_sequence_ends_in_order()
    {
        BrokerHarness broker = new();
        TestClient other = broker.Subscriber("other", "#");
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            TestClient client = broker.Connect("c", (MqttVersion)random.Next(3, 6));
            byte[] bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            bytes[0] = (byte)(random.Next(16) << 4 | (random.Next(4) == 0 ? random.Next(16) : 2));
            if (bytes.Length > 1 && random.Next(2) == 0)
            {
                bytes[1] = (byte)(bytes.Length - 2);
            }

            client.Send(bytes);
            client.Cut();
        }

        other.ReadAll();
        other.Ping();
        other.Expect(PacketType.PingResp);
        Assert.DoesNotContain(broker.Log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
        Assert.Equal(1, broker.Counters.ConnectionsNow);
    }
}
