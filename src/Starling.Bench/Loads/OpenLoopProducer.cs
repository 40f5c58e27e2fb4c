using Starling.Bench.Measuring;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Bench.Loads;

/// <summary>
/// At a rate, whatever the server does: a message that the server holds back keeps the time at which it was to be sent, so that a
/// server that stalls for a second is seen with all the messages that this second would have brought.
/// </summary>
internal sealed class OpenLoopProducer : IProducer
{
    private const int IterationMax = 2048;
    private const int ClockEvery = 64;
    private const long HeldWaitNanoseconds = 50_000;

    private readonly Traffic _traffic;
    private readonly LoadLoop _loop;
    private readonly OpenLoopSchedule _schedule;
    private readonly IReadOnlyList<LoadPublisher> _publishers;
    private readonly long _share;
    private long _number;
    private int _turn;
    private long _heldSince;
    private long _freeSince;
    private long _nextDue = long.MaxValue;

    public OpenLoopProducer(Traffic traffic, LoadLoop loop)
    {
        _traffic = traffic;
        _loop = loop;
        _publishers = traffic.Publishers[loop.Index];
        _share = traffic.ShareOf(loop.Index);
        _schedule = new OpenLoopSchedule(
            traffic.Start,
            traffic.Rate,
            traffic.Publishers.Take(loop.Index).Count(publishers => publishers.Count > 0),
            traffic.Publishers.Count(publishers => publishers.Count > 0));
    }

    public LoopRest Rest => _traffic.IsOver || _nextDue == long.MaxValue
        ? LoopRest.UntilDeadline
        : new LoopRest(0, _heldSince != 0 ? HeldWaitNanoseconds : Math.Max(0, _nextDue - _loop.Run.Clock.Now));

    public void MaySend(LoadPublisher publisher)
    {
        // Looked at when a message is due.
    }

    public long Produce(in Instant now)
    {
        _nextDue = long.MaxValue;
        if (_traffic.IsOver)
        {
            return long.MaxValue;
        }

        long time = _loop.Run.Clock.Now;
        for (int i = 1; i <= IterationMax && _number < _share; i++)
        {
            long due = _schedule.DueOf(_number);
            if (due > time)
            {
                _nextDue = due;
                return now.MonotonicMilliseconds + Math.Max(1, (due - time + BenchClock.PerMillisecond - 1) / BenchClock.PerMillisecond);
            }

            if (!TrySend(due, time, now))
            {
                _nextDue = due;
                return now.MonotonicMilliseconds + 1;
            }

            time = i % ClockEvery == 0 ? _loop.Run.Clock.Now : time;
        }

        return _number < _share ? now.MonotonicMilliseconds : long.MaxValue;
    }

    private bool TrySend(long due, long time, in Instant now)
    {
        if (NextFree() is not { } publisher || publisher.Send(1, due, _loop, now) == 0)
        {
            // What the server holds back is its own delay, not the generator's.
            _loop.Metrics.Counters.HeldBack += time - (_heldSince == 0 ? Math.Max(due, _freeSince) : _heldSince);
            _heldSince = time;
            return false;
        }

        if (_heldSince != 0)
        {
            _loop.Metrics.Counters.HeldBack += time - _heldSince;
            _freeSince = time;
            _heldSince = 0;
        }

        _loop.CountSent(1);
        _number++;
        if (due >= _loop.Run.MeasureFrom)
        {
            _loop.Metrics[Measure.Lateness].Record(time - Math.Max(due, _freeSince));
        }

        return true;
    }

    private LoadPublisher? NextFree()
    {
        for (int i = 0; i < _publishers.Count; i++)
        {
            LoadPublisher publisher = _publishers[_turn];
            _turn = (_turn + 1) % _publishers.Count;
            if (publisher.CanSend)
            {
                return publisher;
            }
        }

        return null;
    }
}
