namespace Starling.Broker.Timers;

/// <summary>One timer with at most one deadline, linked into the wheel without further allocation.</summary>
internal sealed class TimerNode
{
    internal const short NoSlot = -1;

    public TimerNode(TimerKind kind, ITimerOwner owner)
    {
        Kind = kind;
        Owner = owner;
        Next = this;
        Previous = this;
    }

    public TimerKind Kind { get; }

    public ITimerOwner Owner { get; }

    public bool IsArmed => Slot != NoSlot;

    /// <summary>Monotonic milliseconds, as last set.</summary>
    public long DeadlineMonotonicMilliseconds { get; internal set; }

    // The three belong to the wheel: a ring of the nodes in one slot.
    internal TimerNode Next { get; set; }

    internal TimerNode Previous { get; set; }

    internal short Slot { get; set; } = NoSlot;
}
