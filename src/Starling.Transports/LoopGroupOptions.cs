namespace Starling.Transports;

/// <summary>How a <see cref="LoopGroup"/> is made.</summary>
public sealed record LoopGroupOptions
{
    internal const int DefaultReadBytes = 64 * 1024;
    internal const long DefaultIdleBufferBytesMax = 16 * 1024 * 1024;
}
