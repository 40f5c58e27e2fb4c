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

    [LoggerMessage(5005, LogLevel.Error, "The storage has failed, so nothing more is acknowledged and the process ends: {Cause}")]
    public static partial void StorageFailed(ILogger logger, string cause);

    [LoggerMessage(5006, LogLevel.Warning, "There is no control socket, so `starling backup` cannot reach this broker: {Cause}")]
    public static partial void ControlUnavailable(ILogger logger, string cause);

    [LoggerMessage(5007, LogLevel.Information, "A backup into {Target} begins, asked for by user {User}.")]
    public static partial void BackupBegun(ILogger logger, string target, uint? user);

    [LoggerMessage(5008, LogLevel.Information, "The backup in {Target} is complete.")]
    public static partial void BackupComplete(ILogger logger, string target);

    [LoggerMessage(5009, LogLevel.Warning, "The backup into {Target} was not made: {Cause}")]
    public static partial void BackupFailed(ILogger logger, string target, string cause);

    [LoggerMessage(5010, LogLevel.Warning, "A request on the control socket was refused: {Cause}")]
    public static partial void ControlRefused(ILogger logger, string cause);

    [LoggerMessage(5011, LogLevel.Warning, "Other users can enter the data directory {Directory} (mode {Mode}), which holds messages: chmod 700 keeps them out.")]
    public static partial void DataOpenToOthers(ILogger logger, string directory, string mode);
}
