using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Broker.Deliveries;

/// <summary>The retained messages that one subscription still has to get: a walk, and what it has found so far.</summary>
internal sealed class RetainedBacklog(RetainedWalk walk, Subscription subscription)
{
    private const int StepMessages = 64;

    private readonly List<RetainedMessage> _found = [];
    private int _next;

    public Subscription Subscription { get; } = subscription;

    public bool IsDone => _next == _found.Count && walk.IsDone;

    /// <summary>The next message, still to be taken; null when the walk has to go on or is done.</summary>
    public RetainedMessage? Current => _next < _found.Count ? _found[_next] : null;

    public void Take() => _next++;

    /// <summary>Looks for more, a bounded step.</summary>
    public void Walk(long utcMilliseconds)
    {
        _found.Clear();
        _next = 0;
        walk.Next(utcMilliseconds, StepMessages, _found);
    }
}
