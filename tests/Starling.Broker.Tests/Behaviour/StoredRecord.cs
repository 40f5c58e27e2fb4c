using System.Text;
using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What a test looks at in a record that the broker appended.</summary>
internal sealed class StoredRecord
{
    public StoredRecord(in StoreRecord record, ulong lsn)
    {
        Lsn = lsn;
        Kind = record.Kind;
        Session = record.Session;
        Epoch = record.Epoch;
        PacketIdentifier = record.PacketIdentifier;
        Sequence = record.Sequence;
        IsAwaited = record.IsAwaited;
        UtcMilliseconds = record.UtcMilliseconds;
        IsWill = record.IsWill;
        TakenFrom = record.TakenFrom;
        Ranges = record.Ranges.ToArray();
        RetainedFloor = record.RetainedFloor;
        Topic = Encoding.UTF8.GetString(record.Topic);
        Payload = Encoding.UTF8.GetString(record.Payload);
        Qos = record.Qos;
        Retain = record.Retain;
        RetainedRevision = record.RetainedRevision;
        ExpiresAtUtcMilliseconds = record.ExpiresAtUtcMilliseconds;
        Seconds = record.Seconds;
        Options = record.Options;
        Identifier = record.Identifier;
        References = record.References.ToArray();
    }

    public ulong Lsn { get; }

    public StoreRecordKind Kind { get; }

    public ulong Session { get; }

    public uint Epoch { get; }

    public ushort PacketIdentifier { get; }

    public ulong Sequence { get; }

    public bool IsAwaited { get; }

    public long UtcMilliseconds { get; }

    public bool IsWill { get; }

    public StoreRange TakenFrom { get; }

    public StoreRange[] Ranges { get; }

    public ulong RetainedFloor { get; }

    public string Topic { get; }

    public string Payload { get; }

    public QualityOfService Qos { get; }

    public bool Retain { get; }

    public ulong RetainedRevision { get; }

    public long ExpiresAtUtcMilliseconds { get; }

    public uint Seconds { get; }

    public byte Options { get; }

    public uint Identifier { get; }

    public StoreReference[] References { get; }

    public RecoveredMessage ToMessage(ulong sequence) => new()
    {
        Sequence = sequence,
        Topic = Encoding.UTF8.GetBytes(Topic),
        Properties = default(ReadOnlyMemory<byte>),
        Payload = Encoding.UTF8.GetBytes(Payload),
        Qos = Qos,
        Retain = Retain,
        ExpiresAtUtcMilliseconds = ExpiresAtUtcMilliseconds,
        Publisher = Session,
    };
}
