using System.Buffers;
using BenchmarkDotNet.Attributes;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Micro.Codec;

/// <summary>A PUBLISH of 64 bytes: framed and read in place, and written.</summary>
public class PublishBenchmarks
{
    private readonly byte[] _payload = new byte[64];
    private readonly byte[] _destination = new byte[256];
    private byte[] _packet = [];

    [Params(MqttVersion.V311, MqttVersion.V5)]
    public MqttVersion Version { get; set; }

    [Params(QualityOfService.AtMostOnce, QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce)]
    public QualityOfService Qos { get; set; }

    private static ReadOnlySpan<byte> Topic => "plant3/line17/device4711/temperature"u8;

    [GlobalSetup]
    public void MakePacket()
    {
        _packet = _destination[..Write()];
        if (Read() != _payload.Length)
        {
            throw new InvalidOperationException("What was written is not read.");
        }
    }

    [Benchmark]
    public int Read()
    {
        OperationStatus status = PacketFraming.TryReadFrame(_packet, PacketFraming.PacketBytesMax, out PacketFrame frame, out _, out _);
        return status == OperationStatus.Done && PublishPacket.TryRead(frame, Version, out PublishPacket packet, out _) ? packet.Payload.Length : -1;
    }

    [Benchmark]
    public int Write() => new PublishPacket
    {
        Topic = Topic,
        Payload = _payload,
        Qos = Qos,
        PacketIdentifier = Qos == QualityOfService.AtMostOnce ? (ushort)0 : (ushort)4711,
    }.Write(_destination, Version);
}
