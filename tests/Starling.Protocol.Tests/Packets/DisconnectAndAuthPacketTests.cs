using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class DisconnectAndAuthPacketTests
{
    [Theory]
    [InlineData("E0 00", ReasonCode.Success)]
    [InlineData("E0 01 04", ReasonCode.DisconnectWithWill)]
    [InlineData("E0 02 00 00", ReasonCode.Success)]
    [InlineData("E0 01 8C", ReasonCode.BadAuthenticationMethod)]
    [Statement("U5-39")]
    public void The_short_forms_of_DISCONNECT_are_read(string hex, ReasonCode reason)
    {
        Assert.True(DisconnectPacket.TryRead(Wire.Frame(Wire.Bytes(hex)), MqttVersion.V5, out DisconnectPacket packet, out _));
        Assert.Equal((reason, null), (packet.Reason, packet.SessionExpiryIntervalSeconds));
    }

    [Theory]
    [InlineData("F0 00", ReasonCode.Success), InlineData("F0 02 19 00", ReasonCode.ReAuthenticate)]
    [Statement("U5-39")]
    public void The_short_forms_of_AUTH_are_read(string hex, ReasonCode reason)
    {
        Assert.True(AuthPacket.TryRead(Wire.Frame(Wire.Bytes(hex)), MqttVersion.V5, out AuthPacket packet, out _));
        Assert.Equal((reason, false), (packet.Reason, packet.HasAuthenticationMethod));
    }

    [Fact, Statement("U5-39")]
    public void The_shortest_form_is_written()
    {
        Assert.Equal(Wire.Bytes("E0 00"), Write(new DisconnectPacket(), MqttVersion.V5));
        Assert.Equal(Wire.Bytes("E0 01 8E"), Write(new DisconnectPacket { Reason = ReasonCode.SessionTakenOver }, MqttVersion.V5));
        Assert.Equal(Wire.Bytes("E0 00"), Write(new DisconnectPacket { Reason = ReasonCode.SessionTakenOver, ReasonString = "x"u8 }, MqttVersion.V311));
        Assert.Equal(Wire.Bytes("F0 00"), Write(new AuthPacket()));
        Assert.Equal(Wire.Bytes("F0 02 18 00"), Write(new AuthPacket { Reason = ReasonCode.ContinueAuthentication }));
    }

    [Theory]
    [InlineData("E0 01 00", MqttVersion.V311, ReasonCode.MalformedPacket, "MQTT311-4.8.0-1")]
    [InlineData("E0 01 03", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.14.2-1")]
    [InlineData("E0 03 00 00 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("E0 02 00 01", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-08")]
    [InlineData("F0 01 00", MqttVersion.V5, ReasonCode.MalformedPacket, "MQTT-2.2.2-1")]
    [InlineData("F0 02 87 00", MqttVersion.V5, ReasonCode.ProtocolError, "MQTT-3.15.2-1")]
    [InlineData("F0 03 18 00 00", MqttVersion.V5, ReasonCode.MalformedPacket, "U5-05")]
    [InlineData("F0 06 18 04 16 0001 61", MqttVersion.V5, ReasonCode.ProtocolError, "U5-13")]
    [InlineData("F0 00", MqttVersion.V311, ReasonCode.MalformedPacket, "U5-01")]
    [InlineData("F0 02 18 00", MqttVersion.V31, ReasonCode.MalformedPacket, "U5-01")]
    [Statement("MQTT-3.14.2-1"), Statement("MQTT-3.15.2-1"), Statement("U5-13"), Statement("U5-01")]
    public void A_broken_rule_is_a_violation(string hex, MqttVersion version, ReasonCode reason, string statement)
    {
        Verdict verdict = Verdict.Of(hex, version);

        Assert.Equal((reason, statement), (verdict.Reason, verdict.Statement));
    }

    [Fact]
    public void A_written_DISCONNECT_is_read() =>
        Gen.Select(Gen.OneOf(ReasonCode.Success, ReasonCode.UseAnotherServer), Gen.UInt.Nullable(), Wire.Text, Wire.Text, Wire.UserProperties)
            .Sample((reason, expiry, reasonString, serverReference, userProperties) =>
            {
                DisconnectPacket written = new()
                {
                    Reason = reason,
                    SessionExpiryIntervalSeconds = expiry,
                    ReasonString = reasonString,
                    ServerReference = serverReference,
                    UserProperties = userProperties,
                };

                byte[] bytes = Write(written, MqttVersion.V5);
                Assert.True(DisconnectPacket.TryRead(Wire.Frame(bytes), MqttVersion.V5, out DisconnectPacket read, out _));

                Assert.Equal((reason, expiry), (read.Reason, read.SessionExpiryIntervalSeconds));
                Assert.Equal(reasonString, read.ReasonString);
                Assert.Equal(serverReference, read.ServerReference);
                Assert.Equal(userProperties, read.UserProperties);
            });

    [Fact]
    public void A_written_AUTH_is_read() =>
        Gen.Select(Gen.OneOf(ReasonCode.Success, ReasonCode.ReAuthenticate), Gen.Int[0, 2], Wire.Text, Wire.Binary, Wire.Text, Wire.UserProperties)
            .Sample((reason, parts, method, data, reasonString, userProperties) =>
            {
                AuthPacket written = new()
                {
                    Reason = reason,
                    HasAuthenticationMethod = parts > 0,
                    AuthenticationMethod = method,
                    HasAuthenticationData = parts > 1,
                    AuthenticationData = data,
                    ReasonString = reasonString,
                    UserProperties = userProperties,
                };

                Assert.True(AuthPacket.TryRead(Wire.Frame(Write(written)), MqttVersion.V5, out AuthPacket read, out _));

                Assert.Equal((reason, parts > 0, parts > 1), (read.Reason, read.HasAuthenticationMethod, read.HasAuthenticationData));
                Assert.Equal(parts > 0 ? method : [], read.AuthenticationMethod);
                Assert.Equal(parts > 1 ? data : [], read.AuthenticationData);
                Assert.Equal(reasonString, read.ReasonString);
                Assert.Equal(userProperties, read.UserProperties);
            });

    private static byte[] Write(in DisconnectPacket packet, MqttVersion version)
    {
        byte[] bytes = new byte[packet.GetByteCount(version)];
        Assert.Equal(bytes.Length, packet.Write(bytes, version));
        return bytes;
    }

    private static byte[] Write(in AuthPacket packet)
    {
        byte[] bytes = new byte[packet.GetByteCount(MqttVersion.V5)];
        Assert.Equal(bytes.Length, packet.Write(bytes, MqttVersion.V5));
        return bytes;
    }
}
