using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

public sealed class PropertyTests
{
    private const string ConnectStart = "0004 4D515454 05 02 003C";

    // The table of properties as the specification prints it: identifier, a valid value, the packets that may have it.
    private static readonly (byte Id, string Value, string Packets)[] Table =
    [
        (0x01, "01", "PUBLISH WILL"), (0x02, "00000001", "PUBLISH WILL"), (0x03, "000161", "PUBLISH WILL"), (0x08, "000161", "PUBLISH WILL"),
        (0x09, "0001FF", "PUBLISH WILL"), (0x0B, "01", "PUBLISH SUBSCRIBE"), (0x11, "00000001", "CONNECT CONNACK DISCONNECT"),
        (0x12, "000161", "CONNACK"), (0x13, "0001", "CONNACK"), (0x15, "000161", "CONNECT CONNACK AUTH"), (0x16, "0001FF", "CONNECT CONNACK AUTH"),
        (0x17, "01", "CONNECT"), (0x18, "00000001", "WILL"), (0x19, "01", "CONNECT"), (0x1A, "000161", "CONNACK"), (0x1C, "000161", "CONNACK DISCONNECT"),
        (0x1F, "000161", "CONNACK PUBACK PUBREC PUBREL PUBCOMP SUBACK UNSUBACK DISCONNECT AUTH"), (0x21, "0001", "CONNECT CONNACK"),
        (0x22, "0001", "CONNECT CONNACK"), (0x23, "0001", "PUBLISH"), (0x24, "01", "CONNACK"), (0x25, "01", "CONNACK"),
        (0x26, "00016100 0162", "CONNECT WILL CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK UNSUBSCRIBE UNSUBACK DISCONNECT AUTH"),
        (0x27, "00000001", "CONNECT CONNACK"), (0x28, "01", "CONNACK"), (0x29, "01", "CONNACK"), (0x2A, "01", "CONNACK"),
    ];

    public static TheoryData<string> Packets =>
    [
        "CONNECT", "WILL", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK",
        "DISCONNECT", "AUTH",
    ];

    [Theory, MemberData(nameof(Packets))]
    [Statement("U5-06")]
    public void Each_property_is_taken_in_its_packets_and_malformed_in_others(string packet)
    {
        foreach ((byte id, string value, string packets) in Table)
        {
            Verdict verdict = Read(packet, Entry(id, value));

            Assert.Equal(packets.Split(' ').Contains(packet) ? null : "U5-06", verdict.Statement);
            Assert.True(verdict.IsRead || verdict.Reason == ReasonCode.MalformedPacket);
        }
    }

    [Theory, MemberData(nameof(Packets))]
    [Statement("U5-06")]
    public void Unknown_identifiers_are_malformed(string packet)
    {
        foreach (int id in Enumerable.Range(0, 256).Except(Table.Select(entry => (int)entry.Id)))
        {
            Verdict verdict = Read(packet, [(byte)id, 0, 0, 0, 0]);

            Assert.Equal((ReasonCode.MalformedPacket, "U5-06"), (verdict.Reason, verdict.Statement));
        }
    }

    [Theory, MemberData(nameof(Packets))]
    [Statement("U5-07"), Statement("U5-27")]
    public void A_property_may_stand_once_except_those_that_repeat(string packet)
    {
        foreach ((byte id, string value, _) in Table.Where(entry => entry.Packets.Split(' ').Contains(packet)))
        {
            string? expected = (id, packet) switch
            {
                (0x26, _) or (0x0B, "PUBLISH") => null,
                (0x0B, _) => "U5-27",
                _ => "U5-07",
            };

            Verdict verdict = Read(packet, [.. Entry(id, value), .. Entry(id, value)]);

            Assert.Equal(expected, verdict.Statement);
            Assert.True(verdict.IsRead || verdict.Reason == ReasonCode.ProtocolError);
        }
    }

    [Theory, MemberData(nameof(Packets))]
    [Statement("U5-05")]
    public void A_value_that_is_cut_off_is_malformed(string packet)
    {
        foreach ((byte id, string value, _) in Table.Where(entry => entry.Packets.Split(' ').Contains(packet)))
        {
            byte[] entry = Entry(id, value);
            byte[] method = id == 0x16 ? Entry(0x15, "000161") : [];
            for (int length = 1; length < entry.Length - method.Length; length++)
            {
                Verdict verdict = Read(packet, entry[..(method.Length + length)]);

                Assert.Equal((ReasonCode.MalformedPacket, "U5-05"), (verdict.Reason, verdict.Statement));
            }
        }
    }

    [Theory]
    [InlineData("CONNECT", "210000", ReasonCode.ProtocolError, "U5-10"), InlineData("CONNACK", "210000", ReasonCode.ProtocolError, "U5-10")]
    [InlineData("CONNECT", "2700000000", ReasonCode.ProtocolError, "U5-11")]
    [InlineData("CONNACK", "2700000000", ReasonCode.ProtocolError, "U5-11")]
    [InlineData("CONNECT", "1702", ReasonCode.ProtocolError, "U5-12"), InlineData("CONNECT", "19FF", ReasonCode.ProtocolError, "U5-12")]
    [InlineData("CONNECT", "160000", ReasonCode.ProtocolError, "U5-13"), InlineData("CONNACK", "160000", ReasonCode.ProtocolError, "U5-13")]
    [InlineData("AUTH", "160000", ReasonCode.ProtocolError, "U5-13")]
    [InlineData("PUBLISH", "0102", ReasonCode.ProtocolError, "U5-24"), InlineData("WILL", "0102", ReasonCode.ProtocolError, "U5-24")]
    [InlineData("PUBLISH", "080001 23", ReasonCode.ProtocolError, "MQTT-3.3.2-14")]
    [InlineData("WILL", "080003 612F2B", ReasonCode.ProtocolError, "MQTT-3.3.2-14")]
    [InlineData("PUBLISH", "080000", ReasonCode.ProtocolError, "MQTT-4.7.3-1")]
    [InlineData("PUBLISH", "230000", ReasonCode.TopicAliasInvalid, "MQTT-3.3.2-8")]
    [InlineData("PUBLISH", "0B00", ReasonCode.ProtocolError, "U5-27"), InlineData("SUBSCRIBE", "0B00", ReasonCode.ProtocolError, "U5-27")]
    [InlineData("SUBSCRIBE", "0B8100", ReasonCode.MalformedPacket, "MQTT-1.5.5-1")]
    [InlineData("SUBSCRIBE", "0BFFFFFFFF7F", ReasonCode.MalformedPacket, "MQTT-1.5.5-1")]
    [InlineData("CONNACK", "2402", ReasonCode.ProtocolError, "MQTT-3.2.2-9")]
    [InlineData("CONNACK", "2502", ReasonCode.ProtocolError, "U5-36")]
    [InlineData("CONNACK", "2802", ReasonCode.ProtocolError, "U5-36"), InlineData("CONNACK", "2902", ReasonCode.ProtocolError, "U5-36")]
    [InlineData("CONNACK", "2A02", ReasonCode.ProtocolError, "U5-36")]
    [InlineData("PUBLISH", "030001 FF", ReasonCode.MalformedPacket, "MQTT-1.5.4-1")]
    [InlineData("PUBLISH", "080001 00", ReasonCode.MalformedPacket, "MQTT-1.5.4-2")]
    [Statement("U5-10"), Statement("U5-11"), Statement("U5-12"), Statement("U5-13"), Statement("U5-24"), Statement("MQTT-3.3.2-14")]
    [Statement("MQTT-4.7.3-1"), Statement("MQTT-3.3.2-8"), Statement("U5-27"), Statement("MQTT-1.5.5-1"), Statement("MQTT-3.2.2-9"), Statement("U5-36")]
    public void A_value_out_of_range_is_a_violation(string packet, string properties, ReasonCode reason, string statement)
    {
        Verdict verdict = Read(packet, Wire.Bytes(properties));

        Assert.Equal((reason, statement), (verdict.Reason, verdict.Statement));
    }

    [Theory]
    [InlineData("26 0001 FF 0001 61", "MQTT-1.5.4-1"), InlineData("26 0001 61 0001 FF", "MQTT-1.5.4-1")]
    [InlineData("26 0001 00 0001 61", "MQTT-1.5.4-2"), InlineData("26 0001 61 0001 00", "MQTT-1.5.4-2")]
    [Statement("MQTT-1.5.7-1")]
    public void Both_halves_of_a_user_property_are_text(string property, string statement)
    {
        Assert.Equal(statement, Read("PUBLISH", Wire.Bytes(property)).Statement);
        Assert.Equal(statement, Read("CONNECT", Wire.Bytes(property)).Statement);
    }

    [Fact]
    public void User_properties_are_read_in_order_past_other_properties()
    {
        byte[] packet = Wire.Packet(0xE0, [0x9C], Wire.Block(Wire.Bytes("1F000161 26000161000162 1C000163 26000164000165 1100000001")));

        Assert.True(DisconnectPacket.TryRead(Wire.Frame(packet), MqttVersion.V5, out DisconnectPacket read, out _));

        UserPropertyReader reader = new(read.UserProperties);
        Assert.True(reader.TryRead(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value));
        Assert.True(name.SequenceEqual("a"u8) && value.SequenceEqual("b"u8));
        Assert.True(reader.TryRead(out name, out value));
        Assert.True(name.SequenceEqual("d"u8) && value.SequenceEqual("e"u8));
        Assert.False(reader.TryRead(out _, out _));
    }

    [Fact]
    public void Properties_that_are_written_one_by_one_are_read()
    {
        byte[] block = new byte[64];
        int length = PropertyWriter.Write(block, PropertyId.PayloadFormatIndicator, 1);
        length += PropertyWriter.Write(block.AsSpan(length), PropertyId.ContentType, "text/plain"u8);
        length += PropertyWriter.WriteUserProperty(block.AsSpan(length), "n"u8, "v"u8);

        Assert.Equal(Wire.Bytes("0101 03000A 746578742F706C61696E 26 0001 6E 0001 76"), block[..length]);
        Assert.Equal(
            length,
            PropertyWriter.GetByteCount(PropertyId.PayloadFormatIndicator, 1) + PropertyWriter.GetByteCount("text/plain"u8) + PropertyWriter.GetByteCount("n"u8, "v"u8));
    }

    // Authentication Data needs a method beside it.
    private static byte[] Entry(byte id, string value) => id == 0x16
        ? [0x15, 0x00, 0x01, 0x61, 0x16, .. Wire.Bytes(value)]
        : [id, .. Wire.Bytes(value)];

    private static Verdict Read(string packet, byte[] properties)
    {
        byte[] block = Wire.Block(properties);
        byte[] bytes = packet switch
        {
            "CONNECT" => Wire.Packet(0x10, Wire.Bytes(ConnectStart), block, Wire.Bytes("0000")),
            "WILL" => Wire.Packet(0x10, Wire.Bytes("0004 4D515454 05 06 003C 00 0000"), block, Wire.Bytes("000174 0000")),
            "CONNACK" => Wire.Packet(0x20, Wire.Bytes("00 00"), block),
            "PUBLISH" => Wire.Packet(0x30, Wire.Bytes("000161"), block),
            "PUBACK" => Wire.Packet(0x40, Wire.Bytes("0001 00"), block),
            "PUBREC" => Wire.Packet(0x50, Wire.Bytes("0001 00"), block),
            "PUBREL" => Wire.Packet(0x62, Wire.Bytes("0001 00"), block),
            "PUBCOMP" => Wire.Packet(0x70, Wire.Bytes("0001 00"), block),
            "SUBSCRIBE" => Wire.Packet(0x82, Wire.Bytes("0001"), block, Wire.Bytes("000161 00")),
            "SUBACK" => Wire.Packet(0x90, Wire.Bytes("0001"), block, [0]),
            "UNSUBSCRIBE" => Wire.Packet(0xA2, Wire.Bytes("0001"), block, Wire.Bytes("000161")),
            "UNSUBACK" => Wire.Packet(0xB0, Wire.Bytes("0001"), block, [0]),
            "DISCONNECT" => Wire.Packet(0xE0, [0], block),
            _ => Wire.Packet(0xF0, [0], block),
        };
        return Verdict.Of(bytes, MqttVersion.V5);
    }
}
