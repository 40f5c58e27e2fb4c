namespace Starling.Protocol.Loops;

/// <summary>
/// How a loop rests between two iterations. Loops that cannot wait so finely, which are those on the portable sockets, round up to
/// whole milliseconds and do not gather.
/// </summary>
/// <param name="GatherNanoseconds">So long nothing is looked at, so that events gather and are handled together; 0 for not at all.</param>
/// <param name="WaitNanosecondsMax">Then an event is waited for, at most so long, and no longer than the deadlines allow.</param>
public readonly record struct LoopRest(long GatherNanoseconds, long WaitNanosecondsMax)
{
    /// <summary>Only the deadlines count.</summary>
    public static LoopRest UntilDeadline { get; } = new(0, long.MaxValue);
}
