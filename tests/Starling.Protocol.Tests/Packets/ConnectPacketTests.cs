using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class ConnectPacketTests
{
    private const string Old = "0006 4D5149736470 03";
    private const string Mqtt311 = "0004 4D515454 04";
    private const string Mqtt5 = "0004 4D515454 05";

    [Theory]
    [InlineData(Old, "02 003C 0001 61", MqttVersion.V31)]
    [InlineData(Mqtt311, "02 003C 0000", MqttVersion.V311)]
    [InlineData(Mqtt5, "02 003C 00 0000", MqttVersion.V5)]
    [Statement("MQTT31-6")]
    public void The_smallest_packets_are_read(string name, string rest, MqttVersion version)
    {
        Assert.True(ConnectPacket.TryRead(Wire.Frame(Connect(name, rest)), out ConnectPacket packet, out _));
        Assert.Equal((version, true, 60, false), (packet.Version, packet.CleanStart, packet.KeepAliveSeconds, packet.IsBridge));
        Assert.False(packet.HasWill || packet.HasUserName || packet.HasPassword);
    }

    [Fact, Statement("U5-09")]
    public void Absent_properties_have_the_defaults_of_the_specification()
    {
        Assert.True(ConnectPacket.TryRead(Wire.Frame(Connect(Mqtt5, "02 003C 00 0000")), out ConnectPacket packet, out _));
        Assert.Equal((0u, 65535, uint.MaxValue), (packet.SessionExpiryIntervalSeconds, packet.ReceiveMaximum, packet.MaximumPacketBytes));
        Assert.Equal((0, false, true), (packet.TopicAliasMaximum, packet.RequestResponseInformation, packet.RequestProblemInformation));
        Assert.False(packet.HasAuthenticationMethod || packet.HasAuthenticationData);
    }

    [Theory]
    [InlineData("0004 4D515454 84", "02 003C 0000", MqttVersion.V311)]
    [InlineData("0006 4D5149736470 83", "02 003C 0001 61", MqttVersion.V31)]
    public void The_bit_of_bridges_is_taken_off_the_level(string name, string rest, MqttVersion version)
    {
        Assert.True(ConnectPacket.TryRead(Wire.Frame(Connect(name, rest)), out ConnectPacket packet, out _));
        Assert.Equal((version, true), (packet.Version, packet.IsBridge));
    }

    [Theory]
    [InlineData("0004 4D515454 09", MqttVersion.V5, "MQTT-3.1.2-2"), InlineData("0004 4D515454 06", MqttVersion.V5, "MQTT-3.1.2-2")]
    [InlineData("0004 4D515454 03", MqttVersion.V311, "MQTT311-3.1.2-2")]
    [InlineData("0004 4D515454 00", MqttVersion.V311, "MQTT311-3.1.2-2")]
    [InlineData("0006 4D5149736470 04", MqttVersion.V311, "MQTT311-3.1.2-2")]
    [InlineData("0006 4D5149736470 05", MqttVersion.V311, "MQTT311-3.1.2-2")]
    [InlineData("0004 58515454 04", MqttVersion.V311, "MQTT311-3.1.2-1"), InlineData("0004 6D717474 05", MqttVersion.V5, "MQTT-3.1.2-1")]
    [Statement("MQTT-3.1.2-2"), Statement("MQTT311-3.1.2-2"), Statement("MQTT-3.1.2-1"), Statement("MQTT311-3.1.2-1"), Statement("MQTT31-6")]
    public void An_unsupported_version_is_refused_in_a_form_that_the_client_may_know(string name, MqttVersion form, string statement)
    {
        Assert.False(ConnectPacket.TryRead(Wire.Frame(Connect(name, "02 003C 00 0000")), out ConnectPacket packet, out ProtocolViolation violation));
        Assert.Equal((form, ReasonCode.UnsupportedProtocolVersion, statement), (packet.Version, violation.Reason, violation.Statement));
    }

    [Theory]
    [InlineData(""), InlineData("0004 4D"), InlineData("0004 4D515454"), InlineData("FFFF 4D515454 05")]
    [Statement("MQTT311-3.1.4-1")]
    public void Without_a_version_there_is_no_form_to_answer_in(string name)
    {
        Assert.False(ConnectPacket.TryRead(Wire.Frame(Connect(name, "")), out ConnectPacket packet, out ProtocolViolation violation));
        Assert.Equal((MqttVersion.None, ReasonCode.MalformedPacket, "MQTT311-3.1.4-1"), (packet.Version, violation.Reason, violation.Statement));
    }

    [Theory]
    [InlineData("03 003C 00 0000", "03 003C 0000", "MQTT-3.1.2-3", "MQTT311-3.1.2-3")]
    [InlineData("0A 003C 00 0000", "0A 003C 0000", "MQTT-3.1.2-11", "MQTT311-3.1.2-13")]
    [InlineData("22 003C 00 0000", "22 003C 0000", "MQTT-3.1.2-13", "MQTT311-3.1.2-15")]
    [InlineData("1E 003C 00 0000 00 0001 61 0000", "1E 003C 0000 0001 61 0000", "MQTT-3.1.2-12", "MQTT311-3.1.2-14")]
    [InlineData("02 003C 00", "02 003C", "MQTT-3.1.3-3", "MQTT311-3.1.3-3")]
    [InlineData("06 003C 00 0000", "06 003C 0000", "MQTT-2.2.2-1", "MQTT311-3.1.2-9")]
    [InlineData("06 003C 00 0000 00 0001 61", "06 003C 0000 0001 61", "MQTT-3.1.2-9", "MQTT311-3.1.2-9")]
    [InlineData("02 003C 00 0000 0001 61", "02 003C 0000 0001 61", "MQTT-3.1.2-16", "MQTT311-3.1.2-18")]
    [InlineData("82 003C 00 0000", "82 003C 0000", "MQTT-3.1.2-17", "MQTT311-3.1.2-19")]
    [InlineData("82 003C 00 0000 0001 75 0000", "82 003C 0000 0001 75 0000", "MQTT-3.1.2-18", "MQTT311-3.1.2-20")]
    [InlineData("C2 003C 00 0000 0001 75", "C2 003C 0000 0001 75", "MQTT-3.1.2-19", "MQTT311-3.1.2-21")]
    [InlineData("C2 003C 00 0000 0001 75 0000 00", "C2 003C 0000 0001 75 0000 00", "U5-05", "MQTT311-3.1.4-1")]
    [InlineData("02 003C 00 0001 FF", "02 003C 0001 FF", "MQTT-1.5.4-1", "MQTT311-1.5.3-1")]
    [InlineData("02 003C 00 0001 00", "02 003C 0001 00", "MQTT-1.5.4-2", "MQTT311-1.5.3-2")]
    [InlineData("82 003C 00 0000 0001 FF", "82 003C 0000 0001 FF", "MQTT-1.5.4-1", "MQTT311-1.5.3-1")]
    [InlineData("06 003C 00 0000 00 0001 FF 0000", "06 003C 0000 0001 FF 0000", "MQTT-1.5.4-1", "MQTT311-1.5.3-1")]
    [InlineData("02 00", "02 00", "U5-05", "MQTT311-3.1.4-1")]
    [Statement("MQTT-3.1.2-3"), Statement("MQTT311-3.1.2-3"), Statement("MQTT-3.1.2-11"), Statement("MQTT311-3.1.2-13")]
    [Statement("MQTT-3.1.2-13"), Statement("MQTT311-3.1.2-15"), Statement("MQTT-3.1.2-12"), Statement("MQTT311-3.1.2-14")]
    [Statement("MQTT-3.1.3-3"), Statement("MQTT311-3.1.3-3"), Statement("MQTT-3.1.2-9"), Statement("MQTT311-3.1.2-9")]
    [Statement("MQTT-3.1.2-16"), Statement("MQTT311-3.1.2-18"), Statement("MQTT-3.1.2-17"), Statement("MQTT311-3.1.2-19")]
    [Statement("MQTT-3.1.2-18"), Statement("MQTT311-3.1.2-20"), Statement("MQTT-3.1.2-19"), Statement("MQTT311-3.1.2-21")]
    [Statement("MQTT311-3.1.4-1"), Statement("U5-05"), Statement("MQTT-2.2.2-1")]
    public void A_format_error_is_malformed(string rest5, string rest311, string statement5, string statement311)
    {
        Verdict verdict5 = Verdict.Of(Connect(Mqtt5, rest5), MqttVersion.None);
        Verdict verdict311 = Verdict.Of(Connect(Mqtt311, rest311), MqttVersion.None);

        Assert.Equal((ReasonCode.MalformedPacket, statement5), (verdict5.Reason, verdict5.Statement));
        Assert.Equal((ReasonCode.MalformedPacket, statement311), (verdict311.Reason, verdict311.Statement));
    }

    [Theory]
    [InlineData("06 003C 00 0000 00 0000 0000", "06 003C 0000 0000 0000", "MQTT-4.7.3-1", "MQTT311-4.7.3-1")]
    [InlineData("06 003C 00 0000 00 0001 23 0000", "06 003C 0000 0001 2B 0000", "MQTT-4.7.0-1", "MQTT311-4.7.1-1")]
    [Statement("MQTT-4.7.3-1"), Statement("MQTT311-4.7.3-1"), Statement("MQTT-4.7.0-1"), Statement("MQTT311-4.7.1-1")]
    public void A_will_goes_to_a_valid_topic_name(string rest5, string rest311, string statement5, string statement311)
    {
        Verdict verdict5 = Verdict.Of(Connect(Mqtt5, rest5), MqttVersion.None);
        Verdict verdict311 = Verdict.Of(Connect(Mqtt311, rest311), MqttVersion.None);

        Assert.Equal((ReasonCode.TopicNameInvalid, statement5), (verdict5.Reason, verdict5.Statement));
        Assert.Equal((ReasonCode.TopicNameInvalid, statement311), (verdict311.Reason, verdict311.Statement));
    }

    [Fact, Statement("MQTT311-3.1.2-22")]
    public void A_password_without_a_user_name_is_taken_in_5_0_only()
    {
        Assert.Equal("MQTT311-3.1.2-22", Verdict.Of(Connect(Mqtt311, "42 003C 0000 0001 70"), MqttVersion.None).Statement);
        Assert.Equal("MQTT311-3.1.2-22", Verdict.Of(Connect(Old, "42 003C 0001 61 0001 70"), MqttVersion.None).Statement);
        Assert.True(ConnectPacket.TryRead(Wire.Frame(Connect(Mqtt5, "42 003C 00 0000 0001 FF")), out ConnectPacket packet, out _));
        Assert.Equal((false, true), (packet.HasUserName, packet.HasPassword));
        Assert.Equal(new byte[] { 0xFF }, packet.Password);
    }

    [Theory]
    [InlineData(Mqtt311, "00 003C 0000", "MQTT311-3.1.3-8"), InlineData(Old, "02 003C 0000", "MQTT31-1")]
    [Statement("MQTT311-3.1.3-8"), Statement("MQTT31-1")]
    public void An_empty_client_identifier_is_refused_where_it_cannot_work(string name, string rest, string statement)
    {
        Verdict verdict = Verdict.Of(Connect(name, rest), MqttVersion.None);

        Assert.Equal((ReasonCode.ClientIdentifierNotValid, statement), (verdict.Reason, verdict.Statement));
    }

    [Theory]
    [InlineData("C2 003C 0001 61", false, false)]
    [InlineData("C2 003C 0001 61 0001 75", true, false)]
    [InlineData("C2 003C 0001 61 0001 75 0001 70", true, true)]
    [Statement("MQTT31-3")]
    public void In_3_1_user_name_and_password_may_be_missing_at_the_end(string rest, bool hasUserName, bool hasPassword)
    {
        Assert.True(ConnectPacket.TryRead(Wire.Frame(Connect(Old, rest)), out ConnectPacket packet, out _));
        Assert.Equal((hasUserName, hasPassword), (packet.HasUserName, packet.HasPassword));
    }

    [Theory]
    [InlineData("03 003C 0001 61"), InlineData("2A 003C 0001 61")]
    public void In_3_1_flags_without_a_meaning_may_be_anything(string rest)
    {
        Assert.True(ConnectPacket.TryRead(Wire.Frame(Connect(Old, rest)), out ConnectPacket packet, out _));
        Assert.Equal((false, QualityOfService.AtMostOnce, false), (packet.HasWill, packet.WillQos, packet.WillRetain));
    }

    [Fact, Statement("MQTT-1.5.5-1")]
    public void A_padded_length_is_malformed_in_5_0() =>
        Assert.Equal("MQTT-1.5.5-1", Verdict.Of("10 8D00 0004 4D515454 05 02 003C 00 0000", MqttVersion.None).Statement);

    private static byte[] Connect(string name, string rest) => Wire.Packet(0x10, Wire.Bytes(name), Wire.Bytes(rest));
}
