namespace Starling.Conformance.Tests.Scripted;

/// <summary>Virtual time: it stands still until somebody waits, and goes straight to what happens next.</summary>
internal sealed class ScriptedClock
{
    private readonly PriorityQueue<ScheduledCall, (TimeSpan Due, long Order)> _calls = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public ScheduledCall Schedule(TimeSpan delay, Action action)
    {
        ScheduledCall call = new(action);
        _calls.Enqueue(call, (Now + delay, _order++));
        return call;
    }

    public ScheduledCall ScheduleSeconds(double seconds, Action action) => Schedule(TimeSpan.FromSeconds(seconds), action);

    /// <summary>Makes the next call that is due until then; when there is none it is then.</summary>
    /// <returns>Whether there was one.</returns>
    public bool GoOn(TimeSpan until)
    {
        if (_calls.TryPeek(out ScheduledCall? call, out (TimeSpan Due, long Order) when) && when.Due <= until)
        {
            _calls.Dequeue();
            Now = when.Due;
            call.Make();
            return true;
        }

        Now = until;
        return false;
    }
}
