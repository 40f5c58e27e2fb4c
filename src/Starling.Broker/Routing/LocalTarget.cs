using Starling.Broker.Sessions;

namespace Starling.Broker.Routing;

/// <summary>One session of the matching shard that gets a message.</summary>
internal readonly struct LocalTarget(Session session, Subscription subscription, Subscription[]? overlapping)
{
    public Session Session { get; } = session;

    /// <summary>The only matching subscription of the session, or the first of <see cref="Overlapping"/>.</summary>
    public Subscription Subscription { get; } = subscription;

    /// <summary>All matching subscriptions of the session when there are at least two, else null.</summary>
    public Subscription[]? Overlapping { get; } = overlapping;
}
