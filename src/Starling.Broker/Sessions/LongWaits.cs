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
        if (session.IsWaiting)
        {
            return;
        }

        session.IsWaiting = true;
        session.OldestSeen = ulong.MaxValue;
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
            if (session.IsEnded || session.Outbox is not { Count: > 0 } outbox)
            {
                session.IsWaiting = false;
                _sessions[i] = _sessions[^1];
                _sessions.RemoveAt(_sessions.Count - 1);
                continue;
            }

            if (session.OldestSeen == outbox.OldestSequence)
            {
                outbox.CopyOut(session.CopiedUpTo);
                session.CopiedUpTo = outbox.NextSequence;
            }

            session.OldestSeen = outbox.OldestSequence;
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
