using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class SubAckPacketTests
{
    private static readonly Gen<byte[]> Granted = Gen.OneOf<byte>(0, 1, 2, 0x80, 0x87, 0x8F).Array[1, 5];

    private static readonly Gen<byte[]> Removed = Gen.OneOf<byte>(0, 0x11, 0x80, 0x87).Array[1, 5];

    [Theory]
    [InlineData("90 03 0000 00", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-2.3.1-7")]
    [InlineData("90 04 0000 00 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-2.2.1-6")]
    [InlineData("B0 02 0000", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-2.3.1-7")]
    [InlineData("90 02 0001", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-3.8.4-5")]
    [InlineData("90 03 0001 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.8.4-6")]
    [InlineData("90 03 0001 03", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-3.9.3-2")]
    [InlineData("90 04 0001 01 87", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-3.9.3-2")]
    [InlineData("B0 03 0001 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.11.3-1")]
    [InlineData("B0 03 0001 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("B0 02 0001", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-2.2.2-1")]
    [Statement("MQTT311-2.3.1-7"), Statement("MQTT-2.2.1-6"), Statement("MQTT311-3.8.4-5"), Statement("MQTT-3.8.4-6")]
    [Statement("MQTT311-3.9.3-2"), Statement("MQTT-3.11.3-1")]
    public void A_broken_rule_is_a_violation(string hex, MqttVersion version, ReasonCode reason, string statement)
    {
        Verdict verdict = Verdict.Of(hex, version);

        Assert.Equal((reason, statement), (verdict.Reason, verdict.Statement));
    }

    [Fact, Statement("MQTT311-3.9.3-2")]
    public void In_3_1_1_every_failure_is_written_as_0x80()
    {
        SubAckPacket packet = new() { PacketIdentifier = 1, ReasonCodes = [0x00, 0x8F, 0x02, 0x80] };

        Assert.Equal(Wire.Bytes("90 06 0001 00 80 02 80"), Write(packet, MqttVersion.V311));
    }

    [Theory]
    [InlineData(MqttVersion.V31), InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public void A_written_SUBACK_is_read(MqttVersion version) =>
        Gen.Select(Wire.Identifier, Granted, Wire.Text, Wire.UserProperties).Sample((identifier, codes, reasonString, userProperties) =>
        {
            bool isV5 = version == MqttVersion.V5;
            SubAckPacket written = new()
            {
                PacketIdentifier = identifier,
                ReasonCodes = codes,
                ReasonString = reasonString,
                UserProperties = userProperties,
            };

            Assert.True(SubAckPacket.TryRead(Wire.Frame(Write(written, version)), version, out SubAckPacket read, out _));

            Assert.Equal(identifier, read.PacketIdentifier);
            Assert.Equal(isV5 ? codes : [.. codes.Select(code => Math.Min(code, (byte)0x80))], read.ReasonCodes);
            Assert.Equal(isV5 ? reasonString : [], read.ReasonString);
            Assert.Equal(isV5 ? userProperties : [], read.UserProperties);
        });

    [Theory]
    [InlineData(MqttVersion.V31), InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public void A_written_UNSUBACK_is_read(MqttVersion version) =>
        Gen.Select(Wire.Identifier, Removed, Wire.Text, Wire.UserProperties).Sample((identifier, codes, reasonString, userProperties) =>
        {
            bool isV5 = version == MqttVersion.V5;
            UnsubAckPacket written = new()
            {
                PacketIdentifier = identifier,
                ReasonCodes = codes,
                ReasonString = reasonString,
                UserProperties = userProperties,
            };
            byte[] bytes = new byte[written.GetByteCount(version)];
            Assert.Equal(bytes.Length, written.Write(bytes, version));

            Assert.True(UnsubAckPacket.TryRead(Wire.Frame(bytes), version, out UnsubAckPacket read, out _));

            Assert.Equal(identifier, read.PacketIdentifier);
            Assert.Equal(isV5 ? codes : [], read.ReasonCodes);
            Assert.Equal(isV5 ? reasonString : [], read.ReasonString);
            Assert.Equal(isV5 ? userProperties : [], read.UserProperties);
        });

    private static byte[] Write(in SubAckPacket packet, MqttVersion version)
    {
        byte[] bytes = new byte[packet.GetByteCount(version)];
        Assert.Equal(bytes.Length, packet.Write(bytes, version));
        return bytes;
    }
}
