namespace Starling.Transports.Tests;

/// <summary>Counts the blocks that an output still holds.</summary>
internal sealed class HeldBlocks
{
    public int Count { get; set; }
}
