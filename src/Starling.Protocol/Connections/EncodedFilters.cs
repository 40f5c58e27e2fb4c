namespace Starling.Protocol.Connections;

/// <summary>The payload of SUBSCRIBE or UNSUBSCRIBE in wire form.</summary>
/// <param name="bytes">The entries, one behind the other.</param>
/// <param name="count">How many entries, at least 1.</param>
public readonly ref struct EncodedFilters(ReadOnlySpan<byte> bytes, int count)
{
    /// <summary>The entries, one behind the other.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>How many entries.</summary>
    public int Count { get; } = count;

    /// <summary>The User Properties of the packet in wire form; empty for none. 5.0 only.</summary>
    public ReadOnlySpan<byte> UserProperties { get; init; }
}
