using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class FixedHeaderTests
{
    [Theory]
    [InlineData("11 0D 0004 4D515454 05 02 003C 00 0000", MqttVersion.V5, "MQTT-2.1.3-1")]
    [InlineData("11 0C 0004 4D515454 04 02 003C 0000", MqttVersion.V311, "MQTT311-2.2.2-2")]
    [InlineData("21 03 0000 00", MqttVersion.V5, "MQTT-2.1.3-1"), InlineData("28 02 0000", MqttVersion.V311, "MQTT311-2.2.2-2")]
    [InlineData("41 02 0001", MqttVersion.V5, "MQTT-2.1.3-1"), InlineData("42 02 0001", MqttVersion.V311, "MQTT311-2.2.2-2")]
    [InlineData("52 02 0001", MqttVersion.V5, "MQTT-2.1.3-1"), InlineData("72 02 0001", MqttVersion.V31, "MQTT311-2.2.2-2")]
    [InlineData("60 02 0001", MqttVersion.V5, "MQTT-3.6.1-1"), InlineData("6A 02 0001", MqttVersion.V311, "MQTT311-3.6.1-1")]
    [InlineData("80 06 0001 0001 61 00", MqttVersion.V311, "MQTT311-3.8.1-1")]
    [InlineData("8A 07 0001 00 0001 61 00", MqttVersion.V5, "MQTT-3.8.1-1")]
    [InlineData("A0 05 0001 0001 61", MqttVersion.V311, "MQTT311-3.10.1-1")]
    [InlineData("A3 06 0001 00 0001 61", MqttVersion.V5, "MQTT-3.10.1-1")]
    [InlineData("98 04 0001 00 00", MqttVersion.V5, "MQTT-2.1.3-1"), InlineData("B1 02 0001", MqttVersion.V311, "MQTT311-2.2.2-2")]
    [InlineData("C1 00", MqttVersion.V5, "MQTT-2.1.3-1"), InlineData("D8 00", MqttVersion.V311, "MQTT311-2.2.2-2")]
    [InlineData("E1 00", MqttVersion.V5, "MQTT-3.14.1-1"), InlineData("E2 00", MqttVersion.V311, "MQTT311-3.14.1-1")]
    [InlineData("F1 00", MqttVersion.V5, "MQTT-3.15.1-1")]
    [Statement("MQTT-2.1.3-1"), Statement("MQTT311-2.2.2-2"), Statement("MQTT-3.6.1-1"), Statement("MQTT311-3.6.1-1")]
    [Statement("MQTT-3.8.1-1"), Statement("MQTT311-3.8.1-1"), Statement("MQTT-3.10.1-1"), Statement("MQTT311-3.10.1-1")]
    [Statement("MQTT-3.14.1-1"), Statement("MQTT311-3.14.1-1"), Statement("MQTT-3.15.1-1")]
    public void Wrong_flags_are_malformed(string hex, MqttVersion version, string statement)
    {
        Verdict verdict = Verdict.Of(hex, version);

        Assert.Equal((ReasonCode.MalformedPacket, statement), (verdict.Reason, verdict.Statement));
    }

    [Theory]
    [InlineData("6A 02 0001"), InlineData("8A 06 0001 0001 61 00"), InlineData("AA 05 0001 0001 61")]
    [Statement("MQTT31-2")]
    public void In_3_1_these_packets_may_be_marked_as_repeated(string hex) => Assert.True(Verdict.Of(hex, MqttVersion.V31).IsRead);

    [Theory]
    [InlineData("4A 02 0001"), InlineData("6B 02 0001"), InlineData("68 02 0001"), InlineData("C8 00")]
    [Statement("MQTT31-2")]
    public void In_3_1_no_other_flag_is_taken(string hex) => Assert.False(Verdict.Of(hex, MqttVersion.V31).IsRead);

    [Theory]
    [InlineData(PacketType.PubAck, 0x40)]
    [InlineData(PacketType.PubRec, 0x50)]
    [InlineData(PacketType.PubRel, 0x62)]
    [InlineData(PacketType.PubComp, 0x70)]
    [Statement("MQTT-2.1.3-1"), Statement("MQTT311-2.2.2-1")]
    public void Written_packets_carry_the_constant_of_their_type(PacketType type, byte firstByte)
    {
        byte[] bytes = new byte[4];

        new AcknowledgementPacket { Type = type, PacketIdentifier = 1 }.Write(bytes, MqttVersion.V311);

        Assert.Equal(firstByte, bytes[0]);
    }

    [Theory]
    [InlineData("C0 01 00"), InlineData("D0 01 00")]
    [Statement("U5-04")]
    public void A_ping_with_a_body_is_malformed(string hex)
    {
        Assert.Equal(new Verdict(System.Buffers.OperationStatus.InvalidData, ReasonCode.MalformedPacket, "U5-04"), Verdict.Of(hex, MqttVersion.V5));
        Assert.Equal("MQTT311-4.8.0-1", Verdict.Of(hex, MqttVersion.V311).Statement);
    }

    [Fact]
    public void The_pings_are_read()
    {
        Assert.True(Verdict.Of(PingPackets.Request, MqttVersion.V5).IsRead);
        Assert.True(Verdict.Of(PingPackets.Response, MqttVersion.V31).IsRead);
    }
}
