using Microsoft.Extensions.Logging;
using Starling.Hosting;

namespace Starling.Server;

/// <summary>What the process of a broker is told beside its options.</summary>
public sealed record ServerRun
{
    /// <summary>What the broker is told.</summary>
    public required StarlingOptions Options { get; init; }

    /// <summary>The start message and the line <c>ready</c> go here.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>The log goes here, and why the broker could not start.</summary>
    public required TextWriter Log { get; init; }

    /// <summary>The least important level that is logged.</summary>
    public LogLevel LowestLevel { get; init; } = LogLevel.Information;

    /// <summary>Whether the start message is left out; the line <c>ready</c> is written all the same.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Clock and timers; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
