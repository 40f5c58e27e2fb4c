using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class ConnectRoundTripTests
{
    private static readonly Gen<(int Bits, ushort KeepAlive, byte[] ClientIdentifier, byte[] UserName, byte[] Password)> Basics =
        Gen.Select(Gen.Int[0, 255], Gen.UShort, Wire.NonEmptyText, Wire.Text, Wire.Binary);

    private static readonly Gen<(byte[] Topic, byte[] Payload, int Qos, byte[] Properties, uint Delay, uint? Expiry)> Will =
        Gen.Select(Wire.NonEmptyText, Wire.Binary, Gen.Int[0, 2], Wire.UserProperties, Gen.UInt, Gen.UInt.Nullable());

    private static readonly Gen<(uint SessionExpiry, ushort ReceiveMaximum, uint MaximumPacket, ushort AliasMaximum)> Limits =
        Gen.Select(Gen.UInt, Gen.UShort[1, ushort.MaxValue], Gen.UInt[1, uint.MaxValue], Gen.UShort);

    private static readonly Gen<(byte[] Method, byte[] Data, byte[] UserProperties)> Authentication =
        Gen.Select(Wire.Text, Wire.Binary, Wire.UserProperties);

    [Theory]
    [InlineData(MqttVersion.V31), InlineData(MqttVersion.V311), InlineData(MqttVersion.V5)]
    [Statement("MQTT-3.1.3-1"), Statement("MQTT311-3.1.3-1")]
    public void What_is_written_is_read(MqttVersion version) => Gen.Select(Basics, Will, Limits, Authentication).Sample((basics, will, limits, authentication) =>
    {
        ConnectPacket written = new()
        {
            CleanStart = (basics.Bits & 1) != 0,
            KeepAliveSeconds = basics.KeepAlive,
            ClientIdentifier = basics.ClientIdentifier,
            HasWill = (basics.Bits & 2) != 0,
            WillTopic = will.Topic,
            WillPayload = will.Payload,
            WillQos = (QualityOfService)will.Qos,
            WillRetain = (basics.Bits & 4) != 0,
            WillProperties = will.Properties,
            WillDelayIntervalSeconds = will.Delay,
            WillMessageExpiryIntervalSeconds = will.Expiry,
            HasUserName = (basics.Bits & 8) != 0,
            UserName = basics.UserName,
            HasPassword = (basics.Bits & 24) == 24,
            Password = basics.Password,
            SessionExpiryIntervalSeconds = limits.SessionExpiry,
            ReceiveMaximum = limits.ReceiveMaximum,
            MaximumPacketBytes = limits.MaximumPacket,
            TopicAliasMaximum = limits.AliasMaximum,
            RequestResponseInformation = (basics.Bits & 32) != 0,
            RequestProblemInformation = (basics.Bits & 64) != 0,
            HasAuthenticationMethod = (basics.Bits & 128) != 0,
            AuthenticationMethod = authentication.Method,
            HasAuthenticationData = (basics.Bits & 129) == 129,
            AuthenticationData = authentication.Data,
            UserProperties = authentication.UserProperties,
        };
        byte[] bytes = new byte[written.GetByteCount(version)];
        Assert.Equal(bytes.Length, written.Write(bytes, version));

        Assert.True(ConnectPacket.TryRead(Wire.Frame(bytes), out ConnectPacket read, out _));

        Assert.Equal(version, read.Version);
        AssertSamePayload(written, read);
        if (version == MqttVersion.V5)
        {
            AssertSameProperties(written, read);
        }
    });

    private static void AssertSamePayload(in ConnectPacket written, in ConnectPacket read)
    {
        Assert.Equal((written.CleanStart, written.KeepAliveSeconds, written.HasWill), (read.CleanStart, read.KeepAliveSeconds, read.HasWill));
        Assert.Equal((written.HasUserName, written.HasPassword), (read.HasUserName, read.HasPassword));
        Assert.Equal(written.ClientIdentifier, read.ClientIdentifier);
        Assert.Equal(written.HasUserName ? written.UserName : default, read.UserName);
        Assert.Equal(written.HasPassword ? written.Password : default, read.Password);
        Assert.Equal(written.HasWill ? written.WillTopic : default, read.WillTopic);
        Assert.Equal(written.HasWill ? written.WillPayload : default, read.WillPayload);
        Assert.Equal(written.HasWill ? (written.WillQos, written.WillRetain) : default, (read.WillQos, read.WillRetain));
    }

    private static void AssertSameProperties(in ConnectPacket written, in ConnectPacket read)
    {
        Assert.Equal(
            (written.SessionExpiryIntervalSeconds, written.ReceiveMaximum, written.MaximumPacketBytes, written.TopicAliasMaximum),
            (read.SessionExpiryIntervalSeconds, read.ReceiveMaximum, read.MaximumPacketBytes, read.TopicAliasMaximum));
        Assert.Equal(
            (written.RequestResponseInformation, written.RequestProblemInformation, written.HasAuthenticationMethod, written.HasAuthenticationData),
            (read.RequestResponseInformation, read.RequestProblemInformation, read.HasAuthenticationMethod, read.HasAuthenticationData));
        Assert.Equal(written.HasAuthenticationMethod ? written.AuthenticationMethod : default, read.AuthenticationMethod);
        Assert.Equal(written.HasAuthenticationData ? written.AuthenticationData : default, read.AuthenticationData);
        Assert.Equal(written.UserProperties, read.UserProperties);
        if (written.HasWill)
        {
            Assert.Equal(
                (written.WillDelayIntervalSeconds, written.WillMessageExpiryIntervalSeconds),
                (read.WillDelayIntervalSeconds, read.WillMessageExpiryIntervalSeconds));
            byte[] forwarded = new byte[read.WillProperties.Length];
            Assert.Equal(written.WillProperties, forwarded.AsSpan(0, PropertyBlock.CopyForwarded(read.WillProperties, forwarded)));
        }
    }
}
