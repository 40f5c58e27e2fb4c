using Microsoft.Extensions.Logging;
using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>What a loop is made of, apart from its driver and its client.</summary>
internal sealed record EventLoopParts
{
    public required int Index { get; init; }

    /// <summary>All loops of the group; filled before the first iteration.</summary>
    public required EventLoop[] Peers { get; init; }

    public required LoopClock Clock { get; init; }

    public required MemoryAccount Account { get; init; }

    public required ILogger Logger { get; init; }

    public required int ReadBytes { get; init; }

    public required long IdleBufferBytesMax { get; init; }
}
