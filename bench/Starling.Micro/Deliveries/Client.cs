using System.Buffers.Binary;
using System.Text;
using Starling.Protocol;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Micro.Deliveries;

/// <summary>A client of MQTT 3.1.1 that hands packets to a shard, without a transport.</summary>
internal sealed class Client
{
    private const MqttVersion Version = MqttVersion.V311;

    private readonly IConnectionInput _input;
    private readonly byte[] _acknowledgement = [(byte)PacketType.PubAck << 4, 2, 0, 0];
    private int _delivered;

    public Client(ILoopClient shard, string name, in Instant now)
    {
        _input = shard.Attach(Output, new ConnectionDetails(null, "micro", now.MonotonicMilliseconds), now);
        ConnectPacket packet = new() { Version = Version, ClientIdentifier = Encoding.UTF8.GetBytes(name), CleanStart = true };
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)), now);
    }

    public CountingOutput Output { get; } = new();

    public void Subscribe(string filter, QualityOfService qos, in Instant now)
    {
        SubscribeFilter entry = new() { Filter = Encoding.UTF8.GetBytes(filter), MaximumQos = qos };
        byte[] filters = new byte[SubscribeFilterWriter.GetByteCount(entry)];
        SubscribeFilterWriter.Write(filters, entry, Version);
        SubscribePacket packet = new() { PacketIdentifier = 1, FiltersBytes = filters };
        byte[] bytes = new byte[packet.GetByteCount(Version)];
        Send(bytes.AsSpan(0, packet.Write(bytes, Version)), now);
    }

    public void Send(ReadOnlySpan<byte> packet, in Instant now)
    {
        if (_input.Receive(packet, now) != packet.Length)
        {
            throw new InvalidOperationException("The shard has not taken the packet.");
        }
    }

    /// <summary>Answers the next delivery: identifiers go up by one, from 1 to 65535 and round again.</summary>
    public void Acknowledge(in Instant now)
    {
        _delivered = _delivered == ushort.MaxValue ? 1 : _delivered + 1;
        BinaryPrimitives.WriteUInt16BigEndian(_acknowledgement.AsSpan(2), (ushort)_delivered);
        Send(_acknowledgement, now);
    }
}
