using Starling.Broker.Shards;
using Starling.Broker.Timers;
using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>
/// Looks once a second at the sessions that have something to deliver: bodies of deliveries that have waited since the last look move out
/// of the short-lived chunks, so that one slow client does not hold a whole chunk for each of its messages.
/// </summary>
internal sealed class LongWaits : ITimerOwner
{
    private const int PeriodMilliseconds = 1000;

    private readonly Shard _shard;
    private readonly TimerNode _timer;
    private readonly List<Session> _sessions = [];

    public LongWaits(Shard shard)
    {
        _shard = shard;
        _timer = new TimerNode(TimerKind.CopyOut, this);
    }

    /// <summary>The session has got a delivery that needs an answer.</summary>
    public void Add(Session session)
    {
        if (session.Outbox is not { IsWatched: false } outbox)
        {
            return;
        }

        outbox.IsWatched = true;
        outbox.OldestSeen = ulong.MaxValue;
        _sessions.Add(session);
        if (!_timer.IsArmed)
        {
            _shard.Timers.Set(_timer, _shard.Now.MonotonicMilliseconds + PeriodMilliseconds);
        }
    }

    public void OnTimer(TimerNode node, in Instant now)
    {
        for (int i = _sessions.Count - 1; i >= 0; i--)
        {
            Session session = _sessions[i];
            if (session.Outbox is not { } outbox || session.IsEnded || outbox.Count == 0)
            {
                session.Outbox?.IsWatched = false;
                _sessions[i] = _sessions[^1];
                _sessions.RemoveAt(_sessions.Count - 1);
                continue;
            }

            if (outbox.OldestSeen == outbox.OldestSequence)
            {
                outbox.CopyOut(outbox.CopiedUpTo);
                outbox.CopiedUpTo = outbox.NextSequence;
            }

            outbox.OldestSeen = outbox.OldestSequence;
            if (_shard.Messages.IsBacked && session.IsPersistent && outbox.SentEnd > session.SentRecordedBelow)
            {
                // After a crash it decides what is repeated with DUP.
                _shard.Records.Sent(session, outbox.SentEnd, isAwaited: false);
            }
        }

        if (_sessions.Count > 0)
        {
            _shard.Timers.Set(_timer, now.MonotonicMilliseconds + PeriodMilliseconds);
        }
    }
}
