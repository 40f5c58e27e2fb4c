namespace Starling.Storage.State;

/// <summary>A subscription.</summary>
internal sealed class StoredSubscription(byte[] filter)
{
    /// <summary>The filter with $share/NAME/.</summary>
    public byte[] Filter { get; } = filter;

    public byte Options { get; set; }

    public uint Identifier { get; set; }

    public int Slot { get; set; }
}
