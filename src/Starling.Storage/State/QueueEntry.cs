using Starling.Protocol;

namespace Starling.Storage.State;

/// <summary>One delivery in the index: 16 bytes. The default value is none.</summary>
internal struct QueueEntry
{
    /// <summary>As <see cref="Identifier"/>: there are several, in the session's side table.</summary>
    public const uint Several = uint.MaxValue;

    private const ulong PresentBit = 1UL << 56;
    private const ulong ExactlyOnceBit = 1UL << 57;
    private const ulong RetainBit = 1UL << 58;
    private const ulong ReceivedBit = 1UL << 59;

    private ulong _bits;

    public QueueEntry(Location location, QualityOfService qos, bool retain)
    {
        _bits = location.Value | PresentBit
            | (qos == QualityOfService.ExactlyOnce ? ExactlyOnceBit : 0)
            | (retain ? RetainBit : 0);
    }

    /// <summary>The Subscription Identifier; 0: none.</summary>
    public uint Identifier { get; set; }

    /// <summary>Which of the session's shared filters it came through; 0: none.</summary>
    public ushort Group { get; set; }

    /// <summary>The size of the message (<see cref="SizeCode"/>).</summary>
    public ushort Size { get; set; }

    /// <summary>All but the other three, for checkpoints.</summary>
    public ulong Bits
    {
        readonly get => _bits;
        set => _bits = value;
    }

    public readonly bool IsPresent => (_bits & PresentBit) != 0;

    public readonly bool Retain => (_bits & RetainBit) != 0;

    /// <summary>PUBREC came, so the message is not needed.</summary>
    public readonly bool IsReceived => (_bits & ReceivedBit) != 0;

    public readonly QualityOfService Qos => (_bits & ExactlyOnceBit) != 0 ? QualityOfService.ExactlyOnce : QualityOfService.AtLeastOnce;

    public readonly Location Location => new(_bits & Location.Mask);

    public void SetReceived() => _bits = (_bits & ~Location.Mask) | ReceivedBit;

    public void MoveTo(Location location) => _bits = (_bits & ~Location.Mask) | location.Value;
}
