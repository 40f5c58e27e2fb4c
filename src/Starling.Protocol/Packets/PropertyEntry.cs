namespace Starling.Protocol.Packets;

/// <summary>One property of a block; the spans are valid as long as the block is.</summary>
public ref struct PropertyEntry
{
    /// <summary>Which property.</summary>
    public PropertyId Id { get; internal set; }

    /// <summary>The value of a property that is a number; 0 for others.</summary>
    public uint Number { get; internal set; }

    /// <summary>The name of a User Property; empty for others.</summary>
    public ReadOnlySpan<byte> Name { get; internal set; }

    /// <summary>The value of a property that is text or binary; empty for others.</summary>
    public ReadOnlySpan<byte> Value { get; internal set; }
}
