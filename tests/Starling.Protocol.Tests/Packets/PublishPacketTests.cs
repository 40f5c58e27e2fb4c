using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class PublishPacketTests
{
    [Fact, Statement("MQTT-2.2.1-2")]
    public void A_QoS_0_message_has_no_packet_identifier()
    {
        Assert.True(PublishPacket.TryRead(Wire.Frame(Wire.Bytes("31 06 0001 61 00 4142")), MqttVersion.V5, out PublishPacket packet, out _));
        Assert.Equal((QualityOfService.AtMostOnce, false, true, 0), (packet.Qos, packet.Duplicate, packet.Retain, packet.PacketIdentifier));
        Assert.Equal("a"u8, packet.Topic);
        Assert.Equal("AB"u8, packet.Payload);
        Assert.True(packet.IsForwardableAsReceived);
    }

    [Fact, Statement("MQTT311-2.3.1-5")]
    public void In_3_1_1_the_payload_of_a_QoS_0_message_follows_its_topic()
    {
        Assert.True(PublishPacket.TryRead(Wire.Frame(Wire.Bytes("30 05 0001 61 4142")), MqttVersion.V311, out PublishPacket packet, out _));
        Assert.Equal("AB"u8, packet.Payload);
        Assert.True(packet.Properties.IsEmpty && packet.IsForwardableAsReceived);
    }

    [Fact]
    public void Identifier_and_properties_stand_between_topic_and_payload()
    {
        byte[] bytes = Wire.Bytes("3D 12 0001 61 1234 0A 230007 0200000009 0101 42 43");

        Assert.True(PublishPacket.TryRead(Wire.Frame(bytes), MqttVersion.V5, out PublishPacket packet, out _));
        Assert.Equal(
            (QualityOfService.ExactlyOnce, true, true, 0x1234), (packet.Qos, packet.Duplicate, packet.Retain, packet.PacketIdentifier));
        Assert.Equal(
            ((ushort)7, (uint?)9, false, false),
            (packet.TopicAlias, packet.MessageExpiryIntervalSeconds, packet.IsForwardableAsReceived, packet.HasSubscriptionIdentifier));
        Assert.Equal(Wire.Bytes("23 0007 02 00000009 0101"), packet.Properties.ToArray());
        Assert.Equal("BC"u8, packet.Payload);
    }

    [Theory]
    [InlineData("30 06 0001 61 02 0101", true, false), InlineData("30 09 0001 61 05 0200000001", false, false)]
    [InlineData("30 07 0001 61 03 230001", false, false), InlineData("30 08 0001 61 04 0B010B02", false, true)]
    public void Only_a_block_without_hop_by_hop_properties_is_forwardable(string hex, bool isForwardable, bool hasIdentifier)
    {
        Assert.True(PublishPacket.TryRead(Wire.Frame(Wire.Bytes(hex)), MqttVersion.V5, out PublishPacket packet, out _));
        Assert.Equal((isForwardable, hasIdentifier), (packet.IsForwardableAsReceived, packet.HasSubscriptionIdentifier));
    }

    [Theory]
    [InlineData("36 06 0001 61 0001 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-3.3.1-4")]
    [InlineData("36 05 0001 61 0001", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-3.3.1-4")]
    [InlineData("38 04 0001 61 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.3.1-2")]
    [InlineData("39 03 0001 61", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-3.3.1-2")]
    [InlineData("30 04 0001 23 00", MqttVersion.V5, ReasonCode.TopicNameInvalid, "MQTT-3.3.2-2")]
    [InlineData("30 05 0003 61 2F 2B", MqttVersion.V311, ReasonCode.TopicNameInvalid, "MQTT311-3.3.2-2")]
    [InlineData("32 06 0001 61 0000 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-2.2.1-3")]
    [InlineData("34 05 0001 61 0000", MqttVersion.V31, ReasonCode.ProtocolError, "MQTT311-2.3.1-1")]
    [InlineData("30 03 0000 00", MqttVersion.V5, ReasonCode.ProtocolError, "U5-20")]
    [InlineData("30 05 0000 02 0101", MqttVersion.V5, ReasonCode.ProtocolError, "U5-20")]
    [InlineData("30 02 0000", MqttVersion.V311, ReasonCode.TopicNameInvalid, "MQTT311-4.7.3-1")]
    [InlineData("30 04 0001 FF 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-1.5.4-1")]
    [InlineData("30 04 0001 00 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-1.5.4-2")]
    [InlineData("30 03 0001 FF", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-1.5.3-1")]
    [InlineData("30 03 0001 00", MqttVersion.V31, ReasonCode.MalformedPacket, "MQTT311-1.5.3-2")]
    [InlineData("30 03 0001 61", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-2.2.2-1")]
    [InlineData("30 05 0001 61 02 01", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-08")]
    [InlineData("30 05 0001 61 8000", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-1.5.5-1")]
    [InlineData("30 8400 0001 61 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-1.5.5-1")]
    [InlineData("30 07 0001 61 03 230000", MqttVersion.V5, ReasonCode.TopicAliasInvalid, "MQTT-3.3.2-8")]
    [InlineData("30 01 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("30 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("30 03 0002 61", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("32 04 0001 61 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [Statement("MQTT-3.3.1-4"), Statement("MQTT311-3.3.1-4"), Statement("MQTT-3.3.1-2"), Statement("MQTT311-3.3.1-2")]
    [Statement("MQTT-3.3.2-2"), Statement("MQTT311-3.3.2-2"), Statement("MQTT-2.2.1-3"), Statement("MQTT311-2.3.1-1"), Statement("U5-20")]
    [Statement("MQTT311-4.7.3-1"), Statement("MQTT-2.2.2-1"), Statement("U5-08"), Statement("MQTT-1.5.5-1"), Statement("MQTT-3.3.2-8")]
    [Statement("U5-05"), Statement("MQTT311-4.8.0-1")]
    public void A_broken_rule_is_a_violation(string hex, MqttVersion version, ReasonCode reason, string statement)
    {
        Verdict verdict = Verdict.Of(hex, version);

        Assert.Equal((reason, statement), (verdict.Reason, verdict.Statement));
    }

    [Fact]
    public void An_alias_may_stand_for_the_topic() => Assert.True(Verdict.Of("30 06 0000 03 230001", MqttVersion.V5).IsRead);

    [Fact]
    public void A_padded_length_is_taken_in_3_1_1() => Assert.True(Verdict.Of("30 8300 0001 61", MqttVersion.V311).IsRead);

    [Theory]
    [InlineData(MqttVersion.V31), InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public void What_is_written_is_read(MqttVersion version) => Gen.Select(
        Wire.NonEmptyText, Wire.Binary, Wire.UserProperties, Wire.Identifier, Gen.Int[0, 15], Gen.UShort,
        Gen.UInt.Nullable(), Gen.UInt[1, 268_435_455].Array[0, 3])
        .Sample((topic, payload, properties, identifier, flags, alias, expiry, identifiers) =>
        {
            QualityOfService qos = (QualityOfService)(flags % 3);
            bool isV5 = version == MqttVersion.V5;
            PublishPacket written = new()
            {
                Qos = qos,
                Duplicate = qos != 0 && (flags & 4) != 0,
                Retain = (flags & 8) != 0,
                Topic = topic,
                PacketIdentifier = identifier,
                TopicAlias = alias,
                MessageExpiryIntervalSeconds = expiry,
                Properties = properties,
                SubscriptionIdentifiers = identifiers,
                Payload = payload,
            };

            byte[] bytes = Write(written, version);
            Assert.True(PublishPacket.TryRead(Wire.Frame(bytes), version, out PublishPacket read, out _));

            Assert.Equal((qos, written.Duplicate, written.Retain), (read.Qos, read.Duplicate, read.Retain));
            Assert.Equal(qos == 0 ? 0 : identifier, read.PacketIdentifier);
            Assert.Equal(topic, read.Topic);
            Assert.Equal(payload, read.Payload);
            Assert.Equal(
                isV5 ? (alias, expiry, identifiers.Length != 0) : (0, null, false),
                (read.TopicAlias, read.MessageExpiryIntervalSeconds, read.HasSubscriptionIdentifier));
            Assert.Equal(!isV5 || (alias == 0 && expiry is null && identifiers.Length == 0), read.IsForwardableAsReceived);
            byte[] forwarded = new byte[read.Properties.Length];
            Assert.Equal(isV5 ? properties : [], forwarded[..PropertyBlock.CopyForwarded(read.Properties, forwarded)]);
        });

    [Theory]
    [InlineData(1), InlineData(200), InlineData(40000)]
    public void The_packet_identifier_of_a_written_packet_is_found(int topicBytes)
    {
        byte[] topic = new byte[topicBytes];
        topic.AsSpan().Fill((byte)'a');

        byte[] bytes = Write(new PublishPacket { Qos = QualityOfService.AtLeastOnce, Topic = topic, PacketIdentifier = 0xABCD }, MqttVersion.V5);
        int offset = PublishPacket.PacketIdentifierOffset(bytes);

        Assert.Equal([0xAB, 0xCD], bytes[offset..(offset + 2)]);
    }

    [Fact, Statement("MQTT-3.3.2-18")]
    public void Forwarded_properties_keep_their_order_and_lose_what_belongs_to_one_connection()
    {
        byte[] block = Wire.Bytes("26000161000162 0200000001 0101 0B05 26000161000163 230001 1800000001 030001 61");
        byte[] copy = new byte[block.Length];

        int written = PropertyBlock.CopyForwarded(block, copy);

        Assert.Equal(Wire.Bytes("26000161000162 0101 26000161000163 03000161"), copy[..written]);
    }

    private static byte[] Write(in PublishPacket packet, MqttVersion version)
    {
        byte[] bytes = new byte[packet.GetByteCount(version)];
        Assert.Equal(bytes.Length, packet.Write(bytes, version));
        return bytes;
    }
}
