namespace Starling.Storage.State;

/// <summary>Where a record stands: the segment and the offset of its header, packed into 56 bits. The default value is nowhere.</summary>
/// <param name="Value">Segment in 32 bits, offset in units of 8 bytes in 24.</param>
internal readonly record struct Location(ulong Value)
{
    public const ulong Mask = (1UL << 56) - 1;
    private const int OffsetBits = 24;

    private const ulong OffsetMask = (1UL << OffsetBits) - 1;

    /// <summary>Segments have lower numbers than this, for ever.</summary>
    public const ulong SegmentMax = uint.MaxValue;

    /// <summary>Records begin no later than this: 128 MiB.</summary>
    public const long OffsetMax = (long)OffsetMask << 3;

    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public Location(ulong segment, long offset)
        : this((segment << OffsetBits) | (ulong)(offset >> 3))
    {
        // A place cut to fit would be that of another message.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(segment, SegmentMax);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, OffsetMax);
    }

    public ulong Segment => Value >> OffsetBits;

    public long Offset => (long)(Value & OffsetMask) << 3;
}
