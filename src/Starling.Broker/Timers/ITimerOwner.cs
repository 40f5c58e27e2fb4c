using Starling.Protocol;

namespace Starling.Broker.Timers;

/// <summary>Is told when a timer of its own is due.</summary>
internal interface ITimerOwner
{
    /// <summary>The timer is due and no longer armed; it may be set again, and any timer may be set or cancelled.</summary>
    void OnTimer(TimerNode node, in Instant now);
}
