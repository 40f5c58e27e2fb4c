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

    /// <summary>So many are moved in one iteration; a long queue takes several, lest everybody waits for it.</summary>
    private const int MovedMax = 2048;

    private readonly Shard _shard;
    private readonly TimerNode _timer;
    private readonly List<Session> _sessions = [];
    private readonly Queue<Session> _toMove = new();

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

    /// <summary>The client is away, so everything waits long now.</summary>
    public void MoveSoon(Session session)
    {
        if (session.Outbox is { } outbox)
        {
            outbox.CopiedUpTo = 0;
            _toMove.Enqueue(session);
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

            if (outbox.OldestSeen == outbox.OldestSequence && outbox.CopiedUpTo < outbox.NextSequence)
            {
                _toMove.Enqueue(session);
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

    /// <summary>Moves some of what waits; true when more is left for the next iteration.</summary>
    public bool MoveSome()
    {
        int left = MovedMax;
        while (left > 0 && _toMove.TryPeek(out Session? session))
        {
            ulong before = session.Outbox?.CopiedUpTo ?? 0;
            // Who came back meanwhile takes its messages, unless it is slow.
            if (session is { IsEnded: false, Outbox: { } outbox } && (session.Connection is null || outbox.OldestSeen == outbox.OldestSequence))
            {
                outbox.CopiedUpTo = outbox.CopyOut(before, left);
                left -= (int)Math.Min((ulong)left, outbox.CopiedUpTo - Math.Max(before, outbox.OldestSequence));
                if (outbox.CopiedUpTo < outbox.NextSequence)
                {
                    // The others have their turn before it goes on.
                    _toMove.Enqueue(_toMove.Dequeue());
                    continue;
                }
            }

            _toMove.Dequeue();
        }

        return _toMove.Count > 0;
    }
}
