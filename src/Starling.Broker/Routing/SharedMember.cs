using Starling.Broker.Sessions;

namespace Starling.Broker.Routing;

/// <summary>One session in a group of a Shared Subscription. Its own shard sets the flags, any shard reads them.</summary>
internal sealed class SharedMember(SharedGroup group, int shard, Subscription subscription)
{
    private volatile bool _isOnline;
    private volatile bool _isPersistent;

    public SharedGroup Group { get; } = group;

    public int Shard { get; } = shard;

    public Subscription Subscription { get; } = subscription;

    public Session Session { get; } = subscription.Session;

    /// <summary>Whether the session has a connection.</summary>
    public bool IsOnline
    {
        get => _isOnline;
        set => _isOnline = value;
    }

    /// <summary>Whether messages may wait for it while it is absent.</summary>
    public bool IsPersistent
    {
        get => _isPersistent;
        set => _isPersistent = value;
    }
}
