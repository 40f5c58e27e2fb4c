using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class ConnAckPacketTests
{
    private static readonly Gen<(uint? Expiry, ushort? ReceiveMaximum, bool? Maximum, uint? PacketBytes, ushort? AliasMaximum, ushort? KeepAlive)> Limits =
        Gen.Select(
            Gen.UInt.Nullable(), Gen.UShort[1, ushort.MaxValue].Nullable(), Gen.Bool.Nullable(), Gen.UInt[1, uint.MaxValue].Nullable(),
            Gen.UShort.Nullable(), Gen.UShort.Nullable());

    private static readonly Gen<(bool? Retain, bool? Wildcards, bool? Identifiers, bool? Shared, int Bits)> Features =
        Gen.Select(Gen.Bool.Nullable(), Gen.Bool.Nullable(), Gen.Bool.Nullable(), Gen.Bool.Nullable(), Gen.Int[0, 3]);

    private static readonly Gen<byte[][]> Texts = Wire.Text.Array[7];

    [Theory]
    [InlineData(ReasonCode.Success, "20 02 00 00"), InlineData(ReasonCode.UnsupportedProtocolVersion, "20 02 00 01")]
    [InlineData(ReasonCode.ClientIdentifierNotValid, "20 02 00 02"), InlineData(ReasonCode.ServerUnavailable, "20 02 00 03")]
    [InlineData(ReasonCode.ServerBusy, "20 02 00 03")]
    [InlineData(ReasonCode.QuotaExceeded, "20 02 00 03")]
    [InlineData(ReasonCode.ConnectionRateExceeded, "20 02 00 03")]
    [InlineData(ReasonCode.BadUserNameOrPassword, "20 02 00 04"), InlineData(ReasonCode.BadAuthenticationMethod, "20 02 00 04")]
    [InlineData(ReasonCode.NotAuthorized, "20 02 00 05"), InlineData(ReasonCode.Banned, "20 02 00 05")]
    [InlineData(ReasonCode.MalformedPacket, ""), InlineData(ReasonCode.TopicNameInvalid, ""), InlineData(ReasonCode.UseAnotherServer, "")]
    [Statement("MQTT311-3.2.2-6")]
    public void In_3_1_1_a_reason_has_its_return_code_or_nothing_is_sent(ReasonCode reason, string hex) =>
        Assert.Equal(Wire.Bytes(hex), Write(new ConnAckPacket { Reason = reason }, MqttVersion.V311));

    [Theory]
    [InlineData(0, ReasonCode.Success)]
    [InlineData(1, ReasonCode.UnsupportedProtocolVersion)]
    [InlineData(2, ReasonCode.ClientIdentifierNotValid)]
    [InlineData(3, ReasonCode.ServerUnavailable), InlineData(4, ReasonCode.BadUserNameOrPassword), InlineData(5, ReasonCode.NotAuthorized)]
    public void A_return_code_is_read_as_its_reason(byte returnCode, ReasonCode reason)
    {
        Assert.True(ConnAckPacket.TryRead(Wire.Frame([0x20, 2, 0, returnCode]), MqttVersion.V311, out ConnAckPacket packet, out _));
        Assert.Equal(reason, packet.Reason);
    }

    [Fact, Statement("MQTT31-4")]
    public void In_3_1_no_session_is_told_to_be_present()
    {
        Assert.Equal(Wire.Bytes("20 02 00 00"), Write(new ConnAckPacket { SessionPresent = true }, MqttVersion.V31));
        Assert.True(ConnAckPacket.TryRead(Wire.Frame(Wire.Bytes("20 02 FF 00")), MqttVersion.V31, out ConnAckPacket packet, out _));
        Assert.False(packet.SessionPresent);
    }

    [Theory]
    [InlineData("20 03 02 00 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-3.2.2-1")]
    [InlineData("20 02 80 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("20 02 00 06", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-4.8.0-1")]
    [InlineData("20 03 00 01 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.2.2-8")]
    [InlineData("20 03 01 87 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.2.2-6")]
    [InlineData("20 02 01 05", MqttVersion.V311, ReasonCode.ProtocolError, "MQTT311-3.2.2-4")]
    [InlineData("20 02 00 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-2.2.2-1")]
    [InlineData("20 03 00 00 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("20 04 00 00 00 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("20 01 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("20 00", MqttVersion.V31, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [Statement("MQTT-3.2.2-1"), Statement("MQTT-3.2.2-8"), Statement("MQTT-3.2.2-6"), Statement("MQTT311-3.2.2-4")]
    public void A_broken_rule_is_a_violation(string hex, MqttVersion version, ReasonCode reason, string statement)
    {
        Verdict verdict = Verdict.Of(hex, version);

        Assert.Equal((reason, statement), (verdict.Reason, verdict.Statement));
    }

    [Fact]
    public void What_is_written_is_read_in_5_0() => Gen.Select(Limits, Features, Texts, Wire.UserProperties).Sample((limits, features, texts, userProperties) =>
    {
        ConnAckPacket written = new()
        {
            SessionPresent = (features.Bits & 1) != 0,
            SessionExpiryIntervalSeconds = limits.Expiry,
            ReceiveMaximum = limits.ReceiveMaximum,
            MaximumQos = limits.Maximum is bool one ? (one ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce) : null,
            RetainAvailable = features.Retain,
            MaximumPacketBytes = limits.PacketBytes,
            AssignedClientIdentifier = texts[0],
            TopicAliasMaximum = limits.AliasMaximum,
            ReasonString = texts[1],
            UserProperties = userProperties,
            WildcardSubscriptionAvailable = features.Wildcards,
            SubscriptionIdentifiersAvailable = features.Identifiers,
            SharedSubscriptionAvailable = features.Shared,
            ServerKeepAliveSeconds = limits.KeepAlive,
            ResponseInformation = texts[2],
            ServerReference = texts[3],
            HasAuthenticationMethod = (features.Bits & 2) != 0,
            AuthenticationMethod = texts[4],
            HasAuthenticationData = features.Bits == 3,
            AuthenticationData = texts[5],
        };

        Assert.True(ConnAckPacket.TryRead(Wire.Frame(Write(written, MqttVersion.V5)), MqttVersion.V5, out ConnAckPacket read, out _));

        AssertSameNumbers(written, read);
        Assert.Equal(texts[0], read.AssignedClientIdentifier);
        Assert.Equal(texts[1], read.ReasonString);
        Assert.Equal(texts[2], read.ResponseInformation);
        Assert.Equal(texts[3], read.ServerReference);
        Assert.Equal(written.HasAuthenticationMethod ? texts[4] : [], read.AuthenticationMethod);
        Assert.Equal(written.HasAuthenticationData ? texts[5] : [], read.AuthenticationData);
        Assert.Equal(userProperties, read.UserProperties);
    });

    private static void AssertSameNumbers(in ConnAckPacket written, in ConnAckPacket read)
    {
        Assert.Equal(
            (written.SessionPresent, written.Reason, written.SessionExpiryIntervalSeconds),
            (read.SessionPresent, read.Reason, read.SessionExpiryIntervalSeconds));
        Assert.Equal(
            (written.ReceiveMaximum, written.MaximumQos, written.RetainAvailable),
            (read.ReceiveMaximum, read.MaximumQos, read.RetainAvailable));
        Assert.Equal(
            (written.MaximumPacketBytes, written.TopicAliasMaximum, written.ServerKeepAliveSeconds),
            (read.MaximumPacketBytes, read.TopicAliasMaximum, read.ServerKeepAliveSeconds));
        Assert.Equal(
            (written.WildcardSubscriptionAvailable, written.SubscriptionIdentifiersAvailable, written.SharedSubscriptionAvailable),
            (read.WildcardSubscriptionAvailable, read.SubscriptionIdentifiersAvailable, read.SharedSubscriptionAvailable));
        Assert.Equal(
            (written.HasAuthenticationMethod, written.HasAuthenticationData), (read.HasAuthenticationMethod, read.HasAuthenticationData));
    }

    private static byte[] Write(in ConnAckPacket packet, MqttVersion version)
    {
        byte[] bytes = new byte[packet.GetByteCount(version)];
        Assert.Equal(bytes.Length, packet.Write(bytes, version));
        return bytes;
    }
}
