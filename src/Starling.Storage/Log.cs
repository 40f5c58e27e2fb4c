using Microsoft.Extensions.Logging;

namespace Starling.Storage;

/// <summary>Everything this project logs. Event ids are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Error, "The message of delivery {Sequence} of session {Session} cannot be read (segment {Segment:x16}, offset {Offset}); it is dropped")]
    public static partial void MessageUnreadable(this ILogger logger, Exception? cause, ulong session, ulong sequence, ulong segment, long offset);

    [LoggerMessage(7002, LogLevel.Information, "Store {Path} is open: {Sessions} sessions, {Deliveries} deliveries, {Retained} retained messages; {Frames} frames replayed in {Milliseconds} ms")]
    public static partial void StoreOpened(this ILogger logger, string path, int sessions, long deliveries, int retained, long frames, long milliseconds);

    [LoggerMessage(7003, LogLevel.Warning, "{Segment} ended in an unfinished commit at offset {Offset}, which nobody was told of; it was removed")]
    public static partial void TornTail(this ILogger logger, string segment, long offset);

    [LoggerMessage(7004, LogLevel.Warning, "A checkpoint cannot be used, so an older one is: {Damage}")]
    public static partial void CheckpointUnusable(this ILogger logger, string damage);

    [LoggerMessage(7005, LogLevel.Critical, "The store in {Path} has failed: nothing more is stored or acknowledged")]
    public static partial void StoreFailed(this ILogger logger, Exception cause, string path);

    [LoggerMessage(7006, LogLevel.Error, "The disk of {Path} is nearly full ({FreeBytes} bytes are free): publishers are held back until there is room")]
    public static partial void DiskFull(this ILogger logger, string path, long freeBytes);

    [LoggerMessage(7007, LogLevel.Information, "The disk of {Path} has room again ({FreeBytes} bytes are free)")]
    public static partial void DiskHasRoom(this ILogger logger, string path, long freeBytes);

    [LoggerMessage(7008, LogLevel.Debug, "Checkpoint {Name} of {Bytes} bytes is written")]
    public static partial void CheckpointWritten(this ILogger logger, string name, long bytes);

    [LoggerMessage(7009, LogLevel.Warning, "A checkpoint could not be written; the next attempt follows")]
    public static partial void CheckpointFailed(this ILogger logger, Exception cause);

    [LoggerMessage(7010, LogLevel.Warning, "Segment {Segment:x16} could not be compacted; the next attempt follows")]
    public static partial void CompactionFailed(this ILogger logger, Exception cause, ulong segment);

    [LoggerMessage(7011, LogLevel.Error, "Segment {Segment:x16} is damaged at offset {Offset}, so it is not compacted; run starling store verify")]
    public static partial void SegmentDamaged(this ILogger logger, ulong segment, long offset);

    [LoggerMessage(7012, LogLevel.Error, "{Name} is damaged at offset {Offset} ({Count} places); run starling store verify")]
    public static partial void DamageFound(this ILogger logger, string name, long offset, int count);

    [LoggerMessage(7013, LogLevel.Error, "{Count} retained messages cannot be read and are dropped")]
    public static partial void RetainedUnreadable(this ILogger logger, int count);

    [LoggerMessage(7014, LogLevel.Error, "{Name} cannot be read again; run starling store verify")]
    public static partial void ScrubFailed(this ILogger logger, Exception cause, string name);

    [LoggerMessage(7015, LogLevel.Error, "Segment {Segment:x16} cannot be read, so it is not compacted; run starling store verify")]
    public static partial void SegmentUnreadable(this ILogger logger, Exception cause, ulong segment);
}
