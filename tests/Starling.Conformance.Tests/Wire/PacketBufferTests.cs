using CsCheck;
using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Wire;

/// <summary>Cutting packets out of what a server sends, which may be anything.</summary>
public sealed class PacketBufferTests
{
    private static readonly MqttVersion[] Versions = [MqttVersion.V5, MqttVersion.V311, MqttVersion.V31];

    [Fact]
    public void Packets_are_the_same_however_their_bytes_come()
    {
        byte[] packets = [0x20, 3, 0, 0, 0, 0x30, 4, 0, 1, 0x61, 0, 0xD0, 0];
        for (int cut = 0; cut <= packets.Length; cut++)
        {
            PacketBuffer buffer = new(MqttVersion.V5);
            List<PacketType> types = [.. TakeAll(buffer, packets.AsSpan(0, cut)), .. TakeAll(buffer, packets.AsSpan(cut))];
            Assert.Equal([PacketType.ConnAck, PacketType.Publish, PacketType.PingResp], types);
        }
    }

    [Fact]
    public void Packet_larger_than_the_room_is_put_together()
    {
        byte[] large = PacketBytes.Publish(MqttVersion.V311, new WireMessage("t", new byte[100_000]));
        PacketBuffer buffer = new(MqttVersion.V311);
        for (int i = 0; i < large.Length; i += 1000)
        {
            Assert.Null(buffer.Take());
            Assert.Empty(TakeAll(buffer, large.AsSpan(i, Math.Min(1000, large.Length - 1 - i))));
        }

        Assert.Equal([PacketType.Publish], TakeAll(buffer, large.AsSpan(large.Length - 1)));
    }

    [Fact]
    public void Length_without_an_end_is_told_in_few_bytes()
    {
        PacketBuffer buffer = new(MqttVersion.V5);
        byte[] endless = new byte[1000];
        endless.AsSpan().Fill(0xFF);

        CaseFailedException failure = Assert.Throws<CaseFailedException>(() => TakeAll(buffer, endless));

        Assert.True(failure.Message.Length < 200, failure.Message);
    }

    [Fact]
    public void Nothing_that_a_server_sends_brings_the_reader_down() => Gen
        .Select(Gen.Byte, Gen.OneOf(Gen.Byte, Gen.Byte[0, 0x2A]).Array[0, 40])
        .Sample((first, body) =>
        {
            foreach (MqttVersion version in Versions)
            {
                WirePacket packet = WirePacket.Read(version, first, body, 1, isShortest: true);
                Assert.NotEmpty(packet.ToString());
                foreach (WireProperty property in packet.Properties)
                {
                    Assert.NotEmpty(ValueOf(property));
                }
            }
        });

    [Theory]
    [InlineData("000161030300")]
    [InlineData("000161030303000A")]
    [InlineData("00016106260001610005")]
    [InlineData("000161040900FFAA")]
    public void Property_that_goes_over_the_end_is_left_out(string hex)
    {
        WirePacket packet = WirePacket.Read(MqttVersion.V5, 0x30, Convert.FromHexString(hex), 1, isShortest: true);

        Assert.NotEmpty(packet.Breaches);
        Assert.Empty(packet.Properties);
    }

    private static string ValueOf(WireProperty property) => WirePropertyTable.KindOf(property.Id) switch
    {
        WirePropertyKind.Text or WirePropertyKind.TextPair => $"'{property.Text}'",
        WirePropertyKind.Binary => $"'{Convert.ToHexString(property.Data)}'",
        _ => $"'{property.Number}'",
    };

    private static List<PacketType> TakeAll(PacketBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        List<PacketType> types = [];
        while (!bytes.IsEmpty)
        {
            Span<byte> room = buffer.Room().Span;
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            buffer.Add(count);
            bytes = bytes[count..];
            while (buffer.Take() is { } packet)
            {
                types.Add(packet.Type);
            }
        }

        return types;
    }
}
