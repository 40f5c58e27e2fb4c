using Microsoft.Extensions.Logging;
using Starling.Protocol.Loops;

namespace Starling.Transports;

/// <summary>How a <see cref="LoopGroup"/> is made.</summary>
public sealed record LoopGroupOptions
{
    internal const int DefaultReadBytes = 64 * 1024;
    internal const long DefaultIdleBufferBytesMax = 64 * 1024 * 1024;

    /// <summary>The number of event loops, each one thread; at least 1.</summary>
    public int Loops { get; init; } = Environment.ProcessorCount;

    /// <summary>What the loops are built on.</summary>
    public LoopKind Kind { get; init; } = LoopKind.Automatic;

    /// <summary>Charged with the loops' buffers.</summary>
    public required MemoryBudget Budget { get; init; }

    /// <summary>Where instants and deadlines come from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For faults and life cycle; null for no log.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>The threads are named so, followed by the loop's index.</summary>
    public string ThreadNamePrefix { get; init; } = "starling-loop-";

    /// <summary>The size of the buffer that each loop receives into: 4 KiB to 1 MiB.</summary>
    public int ReadBytes { get; init; } = DefaultReadBytes;

    /// <summary>
    /// The most bytes of unused buffers that each loop keeps, and all loops together no more than a sixteenth of the memory budget; they are let go of when not needed for some
    /// seconds.
    /// </summary>
    public long IdleBufferBytesMax { get; init; } = DefaultIdleBufferBytesMax;

    /// <summary>How long a <see cref="LoopGroup"/> tries to connect; all addresses of a name and all stages together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether connections can be opened over TLS, WebSocket and Unix sockets, too; it costs the plain ones a call for each transfer.</summary>
    public bool Streams { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Loops, 1, nameof(Loops));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadBytes, 4096, nameof(ReadBytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReadBytes, 1024 * 1024, nameof(ReadBytes));
        ArgumentOutOfRangeException.ThrowIfNegative(IdleBufferBytesMax, nameof(IdleBufferBytesMax));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero, nameof(ConnectTimeout));
    }
}
