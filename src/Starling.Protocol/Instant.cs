namespace Starling.Protocol;

/// <summary>One moment by two clocks, sampled once per iteration of a loop.</summary>
/// <param name="MonotonicMilliseconds">Never jumps; running deadlines are counted in it. Its zero is arbitrary.</param>
/// <param name="UtcMilliseconds">Milliseconds since 1970-01-01 UTC; times in data are counted in it, and it may jump.</param>
public readonly record struct Instant(long MonotonicMilliseconds, long UtcMilliseconds);
