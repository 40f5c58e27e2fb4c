using Microsoft.Extensions.Logging;

namespace Starling.Server;

/// <summary>The log events of this project; numbers are never used again. 5001 to 5099.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Stopping: every client of 5.0 is told so.")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(5002, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(5003, LogLevel.Error, "The broker cannot go on, so the process ends.")]
    public static partial void Faulted(ILogger logger, Exception? exception);

    [LoggerMessage(5004, LogLevel.Warning, "The start message cannot be written: {Cause}. The broker is ready.")]
    public static partial void StartMessageLost(ILogger logger, string cause);
}
