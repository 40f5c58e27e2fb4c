using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Bench.Loads;

/// <summary>
/// As fast as the windows allow. Each publisher whose turn it is sends a burst, so that the server can read much at a time; and a full
/// window opens again only when a quarter of it is free, because a window that opens for single messages would make single reads and
/// writes of them.
/// </summary>
internal sealed class ClosedLoopProducer(Traffic traffic, LoadLoop loop) : IProducer
{
    private const int BurstUsual = 64;
    private const int BurstOfAll = 1024;
    private const int IterationMax = 4096;
    private const long CrossLoopWaitNanoseconds = 50_000;

    private readonly Queue<LoadPublisher> _ring = new();
    private readonly int _loops = traffic.Publishers.Count(publishers => publishers.Count > 0);
    private long _remaining = traffic.IsClearing ? long.MaxValue : traffic.ShareOf(loop.Index);
    private bool _isBlocked;
    private bool _waitsForOthers;

    public LoopRest Rest => traffic.IsOver
        ? LoopRest.UntilDeadline
        : new LoopRest(traffic.GatherNanoseconds, _waitsForOthers ? CrossLoopWaitNanoseconds : long.MaxValue);

    public void MaySend(LoadPublisher publisher)
    {
        if (!publisher.IsQueued && publisher.CanSend)
        {
            publisher.IsQueued = true;
            _ring.Enqueue(publisher);
        }
    }

    public long Produce(in Instant now)
    {
        _waitsForOthers = false;
        if (traffic.IsOver || _ring.Count == 0 || _remaining == 0)
        {
            return long.MaxValue;
        }

        long allowed = traffic.HasWindow ? traffic.Window - traffic.Outstanding : long.MaxValue;
        if (_isBlocked && allowed < (traffic.Window + 3) / 4)
        {
            return WaitForRoom(now);
        }

        _isBlocked = false;
        if (_loops > 1 && allowed is > 0 and < long.MaxValue)
        {
            allowed = (allowed + _loops - 1) / _loops;
        }

        allowed = Math.Min(allowed, _remaining);
        int budget = IterationMax;
        int burst = Math.Max(BurstUsual, BurstOfAll / _ring.Count);
        for (int turns = _ring.Count; turns > 0 && budget > 0; turns--)
        {
            if (allowed <= 0)
            {
                _isBlocked = traffic.HasWindow;
                return _remaining == 0 ? long.MaxValue : WaitForRoom(now);
            }

            LoadPublisher publisher = _ring.Dequeue();
            publisher.IsQueued = false;
            int sent = Send(publisher, (int)Math.Min(burst, allowed), now);
            allowed -= sent;
            _remaining -= sent;
            budget -= sent;
            MaySend(publisher);
        }

        return _ring.Count > 0 && _remaining > 0 ? now.MonotonicMilliseconds : long.MaxValue;
    }

    private int Send(LoadPublisher publisher, int count, in Instant now)
    {
        if (!publisher.CanSend)
        {
            return 0;
        }

        int sent = publisher.Send(count, loop.Run.Clock.Now, loop, now);
        loop.CountSent(sent);
        return sent;
    }

    // Deliveries on this loop bring the next iteration by themselves; those on others do not.
    private long WaitForRoom(in Instant now)
    {
        _waitsForOthers = loop.Run.Loops.Count > 1;
        return _waitsForOthers ? now.MonotonicMilliseconds + 1 : long.MaxValue;
    }
}
