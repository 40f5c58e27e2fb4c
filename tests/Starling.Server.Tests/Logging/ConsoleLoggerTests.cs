using System.Globalization;
using Microsoft.Extensions.Logging;
using Starling.Server.Logging;

namespace Starling.Server.Tests.Logging;

public sealed class ConsoleLoggerTests
{
    [Fact]
    public void Event_is_one_line_of_time_level_and_message() =>
        Assert.Equal("2026-03-01T12:30:05.007Z warn  a message\n", Written(static log => Write(log, LogLevel.Warning, "a message")));

    [Fact]
    public void Control_characters_of_a_name_cannot_forge_a_line() =>
        Assert.Equal(
            "2026-03-01T12:30:05.007Z info  client \\x0aready\\x1b[2J\n",
            Written(static log => Write(log, LogLevel.Information, "client \nready\u001b[2J")));

    [Fact]
    public void Exception_is_on_the_same_line()
    {
        string text = Written(static log => log.Log(
            LogLevel.Error, default, "it broke", new InvalidOperationException("first\nsecond"), static (s, _) => s));

        Assert.StartsWith("2026-03-01T12:30:05.007Z error it broke | System.InvalidOperationException: first\\x0asecond", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(static c => c == '\n'));
    }

    [Fact]
    public void Less_important_event_is_left_out() => Assert.Empty(Written(static log => Write(log, LogLevel.Debug, "detail")));

    private static void Write(ILogger log, LogLevel level, string message) => log.Log(level, default, message, null, static (s, _) => s);

    private static string Written(Action<ILogger> act)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using (ConsoleLoggerFactory factory = new(output, LogLevel.Information, new FixedTime()))
        {
            act(factory.CreateLogger("any"));
        }

        return output.ToString();
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 12, 30, 5, 7, TimeSpan.Zero);
    }
}
