using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

/// <summary>Every packet that says why, with every Reason Code it may carry, in every version.</summary>
public sealed class ReasonRoundTripTests
{
    private static readonly Gen<MqttVersion> Version = Gen.OneOf(MqttVersion.V31, MqttVersion.V311, MqttVersion.V5);

    private static readonly Gen<PacketType> Acknowledgement =
        Gen.OneOf(PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp);

    [Fact]
    public void An_acknowledgement_keeps_its_reason_in_5_0_and_has_none_in_3_x() =>
        Gen.Select(Version, Acknowledgement.SelectMany(type => ReasonOf(type).Select(reason => (type, reason))), Wire.Identifier).Sample(
            (version, said, identifier) =>
            {
                AcknowledgementPacket written = new() { Type = said.type, Reason = said.reason, PacketIdentifier = identifier };
                byte[] bytes = new byte[written.GetByteCount(version)];
                Assert.Equal(bytes.Length, written.Write(bytes, version));

                Assert.True(AcknowledgementPacket.TryRead(Wire.Frame(bytes), version, out AcknowledgementPacket read, out _));
                Assert.Equal((said.type, identifier), (read.Type, read.PacketIdentifier));
                Assert.Equal(version == MqttVersion.V5 ? said.reason : ReasonCode.Success, read.Reason);
            });

    [Fact]
    public void A_CONNACK_keeps_its_reason_in_5_0() => ReasonOf(PacketType.ConnAck).Sample(reason =>
    {
        byte[] bytes = WriteConnAck(reason, sessionPresent: false, MqttVersion.V5);

        Assert.True(ConnAckPacket.TryRead(Wire.Frame(bytes), MqttVersion.V5, out ConnAckPacket read, out _));
        Assert.Equal((reason, false), (read.Reason, read.SessionPresent));
    });

    [Fact]
    public void A_CONNACK_of_3_x_is_read_as_a_reason_that_is_written_the_same() =>
        Gen.Select(Gen.OneOf(MqttVersion.V31, MqttVersion.V311), ReasonOf(PacketType.ConnAck), Gen.Bool).Sample((version, reason, sessionPresent) =>
        {
            byte[] bytes = WriteConnAck(reason, sessionPresent && reason == ReasonCode.Success, version);
            if (bytes.Length == 0)
            {
                return;
            }

            Assert.True(ConnAckPacket.TryRead(Wire.Frame(bytes), version, out ConnAckPacket read, out _));
            Assert.Equal(reason == ReasonCode.Success, read.Reason == ReasonCode.Success);
            Assert.Equal(bytes, WriteConnAck(read.Reason, read.SessionPresent, version));
        });

    [Fact]
    public void A_DISCONNECT_keeps_its_reason_in_5_0_and_has_none_in_3_x() => Gen.Select(Version, ReasonOf(PacketType.Disconnect)).Sample((version, reason) =>
    {
        DisconnectPacket written = new() { Reason = reason };
        byte[] bytes = new byte[written.GetByteCount(version)];
        Assert.Equal(bytes.Length, written.Write(bytes, version));

        Assert.True(DisconnectPacket.TryRead(Wire.Frame(bytes), version, out DisconnectPacket read, out _));
        Assert.Equal(version == MqttVersion.V5 ? reason : ReasonCode.Success, read.Reason);
    });

    [Fact]
    public void An_AUTH_keeps_its_reason() => ReasonOf(PacketType.Auth).Sample(reason =>
    {
        AuthPacket written = new() { Reason = reason };
        byte[] bytes = new byte[written.GetByteCount(MqttVersion.V5)];
        Assert.Equal(bytes.Length, written.Write(bytes, MqttVersion.V5));

        Assert.True(AuthPacket.TryRead(Wire.Frame(bytes), MqttVersion.V5, out AuthPacket read, out _));
        Assert.Equal(reason, read.Reason);
    });

    [Fact]
    public void PINGREQ_and_PINGRESP_are_read_in_every_version() => Version.Sample(version =>
    {
        Assert.True(PingPackets.TryRead(Wire.Frame(PingPackets.Request.ToArray()), version, out _));
        Assert.True(PingPackets.TryRead(Wire.Frame(PingPackets.Response.ToArray()), version, out _));
    });

    private static Gen<ReasonCode> ReasonOf(PacketType type) =>
        Gen.OneOf([.. Enum.GetValues<ReasonCode>().Where(reason => ReasonCodeTable.IsAllowed(type, reason))]);

    private static byte[] WriteConnAck(ReasonCode reason, bool sessionPresent, MqttVersion version)
    {
        ConnAckPacket packet = new() { Reason = reason, SessionPresent = sessionPresent };
        byte[] bytes = new byte[packet.GetByteCount(version)];
        Assert.Equal(bytes.Length, packet.Write(bytes, version));
        return bytes;
    }
}
