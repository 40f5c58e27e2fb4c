using Microsoft.Extensions.Logging;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Keeps what the broker logs.</summary>
internal sealed class CapturingLogger : ILogger, ILoggerFactory
{
    public List<(LogLevel Level, int EventId, string Text)> Lines { get; } = [];

    public IEnumerable<string> Warnings => from line in Lines where line.Level >= LogLevel.Warning select line.Text;

    public int Count(int eventId) => Lines.Count(line => line.EventId == eventId);

    public string Single(int eventId) => Assert.Single(Lines, line => line.EventId == eventId).Text;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add((logLevel, eventId.Id, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}"));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }
}
