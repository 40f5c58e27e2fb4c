using System.Text;
using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Storage.Tests.Model;

/// <summary>A record that can be kept: what a <see cref="StoreRecord"/> says, in objects.</summary>
internal sealed record Operation
{
    public required StoreRecordKind Kind { get; init; }

    public bool IsAwaited { get; init; }

    public ulong Session { get; init; }

    public uint Epoch { get; init; }

    public ulong Sequence { get; init; }

    public ushort PacketIdentifier { get; init; }

    public MqttVersion Version { get; init; } = MqttVersion.V5;

    public string Topic { get; init; } = "";

    public string? UserName { get; init; }

    public byte[] Properties { get; init; } = [];

    public byte[] Payload { get; init; } = [];

    public QualityOfService Qos { get; init; }

    public bool Retain { get; init; }

    public ulong RetainedRevision { get; init; }

    public ulong RetainedFloor { get; init; }

    public long ExpiresAt { get; init; } = long.MaxValue;

    public long Utc { get; init; }

    public uint Seconds { get; init; }

    public uint? MessageExpirySeconds { get; init; }

    public bool IsWill { get; init; }

    public byte Options { get; init; }

    public uint Identifier { get; init; }

    public StoreReference[] References { get; init; } = [];

    public StoreRange TakenFrom { get; init; }

    public StoreRange[] Ranges { get; init; } = [];

    /// <summary>Hands the record to something that takes one.</summary>
    public TResult Give<TResult>(RecordTaker<TResult> taker)
    {
        byte[] topic = Encoding.UTF8.GetBytes(Topic);
        return taker(new StoreRecord
        {
            Kind = Kind,
            IsAwaited = IsAwaited,
            Session = Session,
            Epoch = Epoch,
            Sequence = Sequence,
            PacketIdentifier = PacketIdentifier,
            Version = Version,
            Topic = topic,
            UserName = UserName,
            Properties = Properties,
            Payload = Payload,
            Qos = Qos,
            Retain = Retain,
            RetainedRevision = RetainedRevision,
            RetainedFloor = RetainedFloor,
            ExpiresAtUtcMilliseconds = ExpiresAt,
            UtcMilliseconds = Utc,
            Seconds = Seconds,
            MessageExpirySeconds = MessageExpirySeconds,
            IsWill = IsWill,
            Options = Options,
            Identifier = Identifier,
            References = References,
            TakenFrom = TakenFrom,
            Ranges = Ranges,
        });
    }
}
