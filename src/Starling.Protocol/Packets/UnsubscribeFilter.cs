namespace Starling.Protocol.Packets;

/// <summary>One Topic Filter of an UNSUBSCRIBE.</summary>
public readonly ref struct UnsubscribeFilter
{
    /// <summary>The Topic Filter; text for sure, but not checked to be a well-formed filter.</summary>
    public ReadOnlySpan<byte> Filter { get; init; }
}
