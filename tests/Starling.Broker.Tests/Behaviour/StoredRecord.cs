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
}
