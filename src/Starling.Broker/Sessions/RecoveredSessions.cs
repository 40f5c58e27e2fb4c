using Starling.Broker.Diagnostics;
using Starling.Broker.Shards;

namespace Starling.Broker.Sessions;

/// <summary>
/// The sessions of one shard that an earlier run has left: made before the loop runs, and given their deadlines when it starts. For a session
/// whose client was connected when the broker ended, expiry and Will Delay count from the restart and a grace, so that a client that comes back
/// finds everything; for one whose client had left before, they go on from then.
/// </summary>
internal sealed class RecoveredSessions(Shard shard)
{
    private readonly List<(Session Session, long? AwaySinceUtcMilliseconds)> _sessions = [];

    /// <summary>Before the loop runs.</summary>
    public void Add(Session session, long? awaySinceUtcMilliseconds) => _sessions.Add((session, awaySinceUtcMilliseconds));

    /// <summary>The loop runs.</summary>
    public void Start()
    {
        foreach ((Session session, long? awaySince) in _sessions)
        {
            Start(session, awaySince);
        }

        _sessions.Clear();
        _sessions.TrimExcess();
    }

    private void Start(Session session, long? awaySince)
    {
        if (!session.IsPersistent || shard.Sessions.Find(session.ClientIdentifier) != session)
        {
            // It was to end with its connection, or to make place for the newer one of its client.
            shard.Sessions.End(session, DropReason.SessionEnded);
            return;
        }

        long utc = shard.Now.UtcMilliseconds;
        long graceEnd = utc + (long)shard.Engine.Options.WillGraceAfterRestart.TotalMilliseconds;
        long since = awaySince ?? graceEnd;
        if (awaySince is null)
        {
            shard.Records.SessionAway(session, since);
        }

        long toMonotonic = shard.Now.MonotonicMilliseconds - utc;
        session.ExpiresAtMonotonicMilliseconds = session.ExpiryIntervalSeconds == uint.MaxValue
            ? long.MaxValue
            : since + (session.ExpiryIntervalSeconds * 1000L) + toMonotonic;
        if (session.Will is { } will)
        {
            // Nobody could come back while the broker was away, so a Will that became due meanwhile waits for the grace too.
            long dueAt = Math.Max(graceEnd, since + (will.DelayIntervalSeconds * 1000L));
            session.WillDueAtMonotonicMilliseconds = Math.Min(dueAt + toMonotonic, session.ExpiresAtMonotonicMilliseconds);
        }

        shard.Sessions.TimeIsUp(session);
    }
}
