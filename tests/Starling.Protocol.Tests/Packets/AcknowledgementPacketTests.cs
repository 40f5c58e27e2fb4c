using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class AcknowledgementPacketTests
{
    private static readonly Gen<PacketType> Type = Gen.OneOf(PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp);

    [Theory]
    [InlineData("40 02 0102", ReasonCode.Success)]
    [InlineData("40 03 0102 10", ReasonCode.NoMatchingSubscribers)]
    [InlineData("50 04 0102 87 00", ReasonCode.NotAuthorized)]
    [InlineData("62 03 0102 92", ReasonCode.PacketIdentifierNotFound), InlineData("70 04 0102 00 00", ReasonCode.Success)]
    [Statement("U5-38")]
    public void The_short_forms_are_read(string hex, ReasonCode reason)
    {
        byte[] bytes = Wire.Bytes(hex);

        Assert.True(AcknowledgementPacket.TryRead(Wire.Frame(bytes), MqttVersion.V5, out AcknowledgementPacket packet, out _));
        Assert.Equal(((PacketType)(bytes[0] >> 4), 0x0102, reason), (packet.Type, packet.PacketIdentifier, packet.Reason));
    }

    [Fact, Statement("U5-38")]
    public void The_shortest_form_is_written()
    {
        Assert.Equal(Wire.Bytes("40 02 0001"), Write(new() { Type = PacketType.PubAck, PacketIdentifier = 1 }, MqttVersion.V5));
        Assert.Equal(
            Wire.Bytes("62 03 0001 92"),
            Write(new() { Type = PacketType.PubRel, PacketIdentifier = 1, Reason = ReasonCode.PacketIdentifierNotFound }, MqttVersion.V5));
        Assert.Equal(
            Wire.Bytes("50 02 0001"),
            Write(new() { Type = PacketType.PubRec, PacketIdentifier = 1, Reason = ReasonCode.NotAuthorized, ReasonString = "no"u8 }, MqttVersion.V311));
    }

    [Theory]
    [InlineData("40 03 0001 92", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.4.2-1")]
    [InlineData("50 03 0001 01", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.5.2-1")]
    [InlineData("62 03 0001 80", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.6.2-1")]
    [InlineData("70 03 0001 10", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.7.2-1")]
    [InlineData("40 02 0000", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-2.2.1-5")]
    [InlineData("62 02 0000", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-2.3.1-6")]
    [InlineData("40 01 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("40 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("40 8100 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("40 03 0001 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("40 05 0001 00 00 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("40 04 0001 00 01", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-08")]
    [Statement("MQTT-3.4.2-1"), Statement("MQTT-3.5.2-1"), Statement("MQTT-3.6.2-1"), Statement("MQTT-3.7.2-1")]
    [Statement("MQTT-2.2.1-5"), Statement("MQTT311-2.3.1-6"), Statement("U5-05"), Statement("U5-08")]
    public void A_broken_rule_is_a_violation(string hex, MqttVersion version, ReasonCode reason, string statement)
    {
        Verdict verdict = Verdict.Of(hex, version);

        Assert.Equal((reason, statement), (verdict.Reason, verdict.Statement));
    }

    [Theory]
    [InlineData(MqttVersion.V31), InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    public void What_is_written_is_read(MqttVersion version) =>
        Gen.Select(Type, Wire.Identifier, Gen.Bool, Wire.Text, Wire.UserProperties).Sample((type, identifier, isFailed, reasonString, userProperties) =>
        {
            bool isV5 = version == MqttVersion.V5;
            ReasonCode failure = type is PacketType.PubAck or PacketType.PubRec ? ReasonCode.QuotaExceeded : ReasonCode.PacketIdentifierNotFound;
            AcknowledgementPacket written = new()
            {
                Type = type,
                PacketIdentifier = identifier,
                Reason = isFailed ? failure : ReasonCode.Success,
                ReasonString = reasonString,
                UserProperties = userProperties,
            };

            Assert.True(AcknowledgementPacket.TryRead(Wire.Frame(Write(written, version)), version, out AcknowledgementPacket read, out _));

            Assert.Equal((type, identifier), (read.Type, read.PacketIdentifier));
            Assert.Equal(isV5 ? written.Reason : ReasonCode.Success, read.Reason);
            Assert.Equal(isV5 ? reasonString : [], read.ReasonString);
            Assert.Equal(isV5 ? userProperties : [], read.UserProperties);
        });

    private static byte[] Write(in AcknowledgementPacket packet, MqttVersion version)
    {
        byte[] bytes = new byte[packet.GetByteCount(version)];
        Assert.Equal(bytes.Length, packet.Write(bytes, version));
        return bytes;
    }
}
