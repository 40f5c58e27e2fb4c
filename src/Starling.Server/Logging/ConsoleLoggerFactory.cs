using Microsoft.Extensions.Logging;

namespace Starling.Server.Logging;

/// <summary>The log of the process: every category to one output, one line for each event. Dispose writes what waits.</summary>
internal sealed class ConsoleLoggerFactory(TextWriter output, LogLevel lowest, TimeProvider timeProvider) : ILoggerFactory
{
    private const int LinesMax = 10_000;

    private readonly LogQueue _queue = new(output, LinesMax);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new ConsoleLogger(_queue, lowest, timeProvider);

    /// <summary>There is one output, so a further provider would have no place.</summary>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();
}
