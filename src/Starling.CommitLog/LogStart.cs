namespace Starling.CommitLog;

/// <summary>What a log must know before it reads its files.</summary>
/// <param name="StorePrefix">The first 8 bytes of the identifier of the store; frames of another store are not seen.</param>
/// <param name="NextSegmentId">No segment gets a lower identifier than this, nor than one that has a file.</param>
public readonly record struct LogStart(ulong StorePrefix, ulong NextSegmentId);
