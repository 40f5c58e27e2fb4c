using System.Buffers;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class PacketFramingTests
{
    [Fact]
    public void Only_the_first_packet_is_framed()
    {
        byte[] bytes = Wire.Bytes("40 02 0001 C0 00");

        Assert.Equal(OperationStatus.Done, PacketFraming.TryReadFrame(bytes, 100, out PacketFrame frame, out int neededBytes, out _));
        Assert.Equal(4, neededBytes);
        Assert.Equal(PacketType.PubAck, frame.Type);
        Assert.Equal(bytes[..4], frame.Bytes.ToArray());
        Assert.Equal(bytes[2..4], frame.Body.ToArray());
    }

    [Theory]
    [InlineData("", 5), InlineData("30", 5), InlineData("30 80", 5), InlineData("30 FFFFFF", 5)]
    [InlineData("30 05", 7), InlineData("30 8001", 131), InlineData("30 05 0000", 7)]
    public void A_packet_that_is_cut_off_tells_what_it_needs(string hex, int expectedBytes)
    {
        OperationStatus status = PacketFraming.TryReadFrame(Wire.Bytes(hex), 1000, out _, out int neededBytes, out ProtocolViolation violation);

        Assert.Equal((OperationStatus.NeedMoreData, expectedBytes, true), (status, neededBytes, violation.IsNone));
    }

    [Theory]
    [InlineData("00", "U5-01"), InlineData("00 00", "U5-01"), InlineData("0F", "U5-01")]
    [InlineData("30 80808080", "U5-02"), InlineData("30 FFFFFFFF01", "U5-02")]
    [Statement("U5-01"), Statement("U5-02")]
    public void A_reserved_type_and_a_bad_length_are_refused(string hex, string statement)
    {
        OperationStatus status = PacketFraming.TryReadFrame(Wire.Bytes(hex), 1000, out _, out _, out ProtocolViolation violation);

        Assert.Equal(OperationStatus.InvalidData, status);
        Assert.Equal(new ProtocolViolation(ReasonCode.MalformedPacket, statement), violation);
    }

    [Theory]
    [InlineData("30 64"), InlineData("30 FFFFFF7F")]
    [Statement("U5-42")]
    public void A_packet_that_is_too_long_is_refused_as_soon_as_its_length_is_known(string hex)
    {
        OperationStatus status = PacketFraming.TryReadFrame(Wire.Bytes(hex), 101, out _, out _, out ProtocolViolation violation);

        Assert.Equal(OperationStatus.InvalidData, status);
        Assert.Equal(new ProtocolViolation(ReasonCode.PacketTooLarge, "U5-42"), violation);
    }

    [Fact, Statement("U5-42")]
    public void A_packet_of_exactly_the_allowed_length_is_framed()
    {
        byte[] packet = Wire.Packet(0x30, new byte[99]);

        Assert.Equal(OperationStatus.Done, PacketFraming.TryReadFrame(packet, 101, out _, out _, out _));
    }

    [Theory]
    [InlineData("C0 00", true), InlineData("C0 8000", false), InlineData("40 02 0001", true), InlineData("40 8200 0001", false)]
    [InlineData("40 828000 0001", false), InlineData("40 82808000 0001", false)]
    [Statement("MQTT-1.5.5-1")]
    public void A_padded_length_is_a_fault_in_5_0_only(string hex, bool isShortest)
    {
        Assert.Equal(isShortest, Wire.Frame(Wire.Bytes(hex)).IsShortestLength);
        Assert.Equal(isShortest ? null : "MQTT-1.5.5-1", Verdict.Of(hex, MqttVersion.V5).Statement);
        Assert.True(Verdict.Of(hex, MqttVersion.V311).IsRead);
    }

    [Theory]
    [InlineData(127, 2), InlineData(128, 3), InlineData(16384, 4), InlineData(2097152, 5)]
    public void A_length_of_any_size_is_known_as_shortest(int bodyBytes, int headerBytes)
    {
        byte[] packet = Wire.Packet(0x30, new byte[bodyBytes]);

        PacketFrame frame = Wire.Frame(packet);

        Assert.Equal((headerBytes + bodyBytes, bodyBytes, true), (packet.Length, frame.Body.Length, frame.IsShortestLength));
    }
}
