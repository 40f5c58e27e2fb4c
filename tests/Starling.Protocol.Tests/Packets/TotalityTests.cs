using System.Buffers;
using CsCheck;
using Starling.Protocol.Packets;

namespace Starling.Protocol.Tests.Packets;

/// <summary>
/// Whatever arrives, the decoders give a verdict: they never throw, and they allocate nothing that the sender could make grow.
/// </summary>
public sealed class TotalityTests
{
    private const int SampleCount = 20_000;

    private static readonly Gen<MqttVersion> Version = Gen.OneOf(MqttVersion.V31, MqttVersion.V311, MqttVersion.V5);

    private static readonly Gen<(MqttVersion Version, byte[] Bytes)> Valid =
        Gen.Int[0, ValidPackets.All.Count - 1].Select(i => ValidPackets.All[i]);

    [Fact]
    public void Every_example_is_read() => Assert.All(
        ValidPackets.All,
        example => Assert.Equal(
            new Verdict(OperationStatus.Done, ReasonCode.Success, null), Verdict.Of(example.Bytes, example.Version)));

    [Fact]
    public void Random_bytes_get_a_verdict() =>
        Gen.Select(Version, Gen.Byte.Array[0, 60]).Sample((version, bytes) => AssertVerdict(bytes, version), iter: SampleCount);

    [Fact]
    public void Random_bodies_get_a_verdict() =>
        Gen.Select(Version, Gen.Byte[0x10, 0xFF], Gen.Byte.Array[0, 60])
            .Sample((version, firstByte, body) => AssertVerdict(Wire.Packet(firstByte, body), version), iter: SampleCount);

    [Fact]
    public void Valid_packets_with_changed_bytes_get_a_verdict() =>
        Gen.Select(Valid, Gen.Select(Gen.Int[0, 1000], Gen.Byte).Array[1, 3]).Sample(
            (example, changes) =>
            {
                byte[] bytes = [.. example.Bytes];
                foreach ((int place, byte value) in changes)
                {
                    bytes[place % bytes.Length] = value;
                }

                AssertVerdict(bytes, example.Version);
            },
            iter: SampleCount);

    [Fact]
    public void Valid_packets_get_a_verdict_in_other_versions() =>
        Assert.All(ValidPackets.All, example => Assert.All(
            Enum.GetValues<MqttVersion>(), version => AssertVerdict(example.Bytes, version)));

    [Fact]
    public void A_packet_that_is_cut_off_anywhere_needs_more() => Assert.All(ValidPackets.All, example =>
    {
        for (int length = 0; length < example.Bytes.Length; length++)
        {
            OperationStatus status = PacketFraming.TryReadFrame(
                example.Bytes.AsSpan(0, length), int.MaxValue, out _, out int neededBytes, out _);

            Assert.Equal((OperationStatus.NeedMoreData, length < 2 ? 5 : example.Bytes.Length), (status, neededBytes));
        }
    });

    [Fact]
    public void A_body_that_is_cut_off_anywhere_gets_a_verdict() => Assert.All(ValidPackets.All, example =>
    {
        for (int length = 0; length < example.Bytes.Length - 2; length++)
        {
            AssertVerdict(Wire.Packet(example.Bytes[0], example.Bytes[2..(2 + length)]), example.Version);
        }
    });

    [Fact, Statement("U5-05"), Statement("MQTT311-4.8.0-1")]
    public void Bytes_behind_the_last_field_are_malformed() => Assert.All(
        ValidPackets.All.Where(example => !MayGoOn(example.Version, example.Bytes)),
        example =>
        {
            Verdict verdict = Verdict.Of(Wire.Packet(example.Bytes[0], example.Bytes[2..], [0x00]), example.Version);

            Assert.Equal(OperationStatus.InvalidData, verdict.Status);
            Assert.Equal(ReasonCode.MalformedPacket, verdict.Reason);
        });

    [Fact]
    public void A_large_hostile_packet_allocates_nothing()
    {
        byte[] manyProperties = Wire.Packet(0xE0, [0x00], Wire.Block(Repeated("260000 0000")));
        byte[] manyFilters = Wire.Packet(0x82, Wire.Bytes("0001 00"), Repeated("000161 00"));
        Verdict.Of(manyProperties, MqttVersion.V5);
        Verdict.Of(manyFilters, MqttVersion.V5);

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool areRead = Verdict.Of(manyProperties, MqttVersion.V5).IsRead & Verdict.Of(manyFilters, MqttVersion.V5).IsRead;

        Assert.Equal((0, true), (GC.GetAllocatedBytesForCurrentThread() - before, areRead));
    }

    private static byte[] Repeated(string hex) => [.. Enumerable.Repeat(Wire.Bytes(hex), 20_000).SelectMany(entry => entry)];

    // A payload, a list of codes, or one of the short forms of 5.0.
    private static bool MayGoOn(MqttVersion version, byte[] packet) =>
        (PacketType)(packet[0] >> 4) is PacketType.Publish or PacketType.SubAck or PacketType.UnsubAck
        || (version == MqttVersion.V5 && packet.Length <= 5);

    private static void AssertVerdict(byte[] bytes, MqttVersion version)
    {
        Verdict verdict = Verdict.Of(bytes, version);

        Assert.Equal(verdict.Status == OperationStatus.InvalidData, verdict.Statement is not null);
        Assert.Equal(verdict.Status == OperationStatus.InvalidData, verdict.Reason != ReasonCode.Success);
    }
}
