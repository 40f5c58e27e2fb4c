using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Protocol;

namespace Starling.Storage.Records;

/// <summary>A record as it was read. Which members count is said by its type; the others are zero. Valid as long as the bytes.</summary>
internal ref struct RecordView
{
    public RecordType Type { get; set; }

    public RecordHeader Header { get; set; }

    /// <summary>The session number: the publisher's for a message, 0 when it has none.</summary>
    public ulong Session { get; set; }

    public uint Epoch { get; set; }

    public ulong Sequence { get; set; }

    public ushort PacketIdentifier { get; set; }

    public MqttVersion Version { get; set; }

    public ReadOnlySpan<byte> Topic { get; set; }

    public bool HasUserName { get; set; }

    public ReadOnlySpan<byte> UserName { get; set; }

    public ReadOnlySpan<byte> Properties { get; set; }

    public ReadOnlySpan<byte> Payload { get; set; }

    public QualityOfService Qos { get; set; }

    public bool Retain { get; set; }

    public ulong RetainedRevision { get; set; }

    public ulong RetainedFloor { get; set; }

    public long ExpiresAtUtcMilliseconds { get; set; }

    public long UtcMilliseconds { get; set; }

    public uint Seconds { get; set; }

    public uint? MessageExpirySeconds { get; set; }

    public bool IsWill { get; set; }

    public byte Options { get; set; }

    public uint Identifier { get; set; }

    public StoreRange TakenFrom { get; set; }

    /// <summary>The references, ranges or moves of the record, <see cref="Count"/> of them, which were checked.</summary>
    public ReadOnlySpan<byte> Items { get; set; }

    public readonly uint Count => Header.ReferenceCount;

    /// <summary>Bytes of topic, properties and payload.</summary>
    public readonly int ContentBytes => Topic.Length + Properties.Length + Payload.Length;
}
