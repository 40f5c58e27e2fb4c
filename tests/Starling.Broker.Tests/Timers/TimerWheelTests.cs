using CsCheck;
using Starling.Broker.Timers;
using Starling.Protocol;

namespace Starling.Broker.Tests.Timers;

public sealed class TimerWheelTests
{
    private const long Granule = TimerWheel.GranuleMilliseconds;
    private const long Hour = 3_600_000;

    private readonly TimerWheel _wheel = new();
    private readonly Owner _owner = new();

    private static readonly Gen<long> Delay = Gen.OneOf(
        Gen.Long[-100, 100], Gen.Long[0, 3000], Gen.Long[0, 10 * Hour], Gen.Long[0, 1L << 45], Gen.Const(long.MaxValue / 2));

    [Fact]
    public void Exactly_the_due_timers_fire_in_the_order_of_their_granules() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 15], Delay).Array[0, 200].Sample(operations =>
        {
            Model model = new();
            foreach ((int operation, int timer, long delay) in operations)
            {
                switch (operation)
                {
                    case 0:
                        model.Set(timer, delay);
                        break;
                    case 1:
                        model.Cancel(timer);
                        break;
                    default:
                        model.Advance(Math.Max(0, delay) & ((1L << 44) - 1));
                        break;
                }
            }
        });

    [Fact]
    public void Fired_at_the_next_deadline_no_timer_is_early_or_a_granule_late() =>
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Long[0, 20 * Hour].Array[1, 50]).Sample((start, delays) =>
        {
            TimerWheel wheel = new();
            Owner owner = new();
            wheel.Fire(At(start));
            foreach (long delay in delays)
            {
                wheel.Set(new TimerNode(TimerKind.KeepAlive, owner), start + delay);
            }

            while (wheel.NextDeadline != long.MaxValue)
            {
                long now = Math.Max(start, wheel.NextDeadline);
                wheel.Fire(At(now));
                foreach (TimerNode fired in owner.TakeFired())
                {
                    Assert.InRange(now - fired.DeadlineMonotonicMilliseconds, 0, Granule - 1);
                }
            }

            Assert.Equal(0, wheel.Count);
        });

    [Fact]
    public void An_empty_wheel_has_no_deadline() => Assert.Equal(long.MaxValue, _wheel.NextDeadline);

    [Fact]
    public void A_deadline_three_hours_away_costs_at_most_four_calls()
    {
        _wheel.Fire(At(123_456_789));
        _wheel.Set(NewTimer(), 123_456_789 + (3 * Hour));

        int calls = 0;
        while (_wheel.NextDeadline != long.MaxValue)
        {
            _wheel.Fire(At(_wheel.NextDeadline));
            calls++;
        }

        Assert.InRange(calls, 1, 4);
    }

    [Fact]
    public void A_timer_set_again_has_only_the_new_deadline()
    {
        TimerNode timer = NewTimer();
        _wheel.Set(timer, 100);
        _wheel.Set(timer, 1000);

        Assert.Equal(0, _wheel.Fire(At(900)));
        Assert.Equal(1, _wheel.Fire(At(1031)));
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire()
    {
        TimerNode timer = NewTimer();
        _wheel.Set(timer, 100);
        _wheel.Cancel(timer);

        Assert.Equal(0, _wheel.Fire(At(1000)));
        Assert.False(timer.IsArmed);
    }

    [Fact]
    public void A_timer_is_disarmed_before_its_owner_is_told()
    {
        TimerNode timer = NewTimer();
        bool wasArmed = true;
        _owner.Then = node => wasArmed = node.IsArmed;
        _wheel.Set(timer, 10);
        _wheel.Fire(At(100));

        Assert.False(wasArmed);
    }

    [Fact]
    public void An_owner_can_cancel_another_timer_of_the_same_granule()
    {
        TimerNode first = NewTimer();
        TimerNode second = NewTimer();
        _owner.Then = _ => _wheel.Cancel(second);
        _wheel.Set(first, 10);
        _wheel.Set(second, 10);

        Assert.Equal(1, _wheel.Fire(At(100)));
    }

    [Fact]
    public void A_timer_that_its_owner_sets_into_the_past_waits_for_the_next_call()
    {
        _owner.Then = node => _wheel.Set(node, 0);
        _wheel.Set(NewTimer(), 10);

        Assert.Equal(1, _wheel.Fire(At(100)));
        Assert.Equal(1, _wheel.Fire(At(100)));
        Assert.True(_wheel.NextDeadline <= 100);
    }

    [Fact]
    public void The_owner_is_told_the_instant_and_the_timer()
    {
        TimerNode timer = NewTimer();
        _wheel.Set(timer, 10);
        _wheel.Fire(new Instant(50, 777));

        Assert.Equal(new Instant(50, 777), _owner.LastInstant);
        Assert.Same(timer, Assert.Single(_owner.TakeFired()));
    }

    [Fact]
    public void Timers_allocate_nothing()
    {
        TimerNode[] timers = [.. Enumerable.Range(0, 100).Select(_ => NewTimer())];
        long now = 0;
        _owner.Keeps = false;
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 2000; i++)
            {
                _wheel.Set(timers[i % timers.Length], now + (i * 37 % 9000));
                _wheel.Cancel(timers[i * 7 % timers.Length]);
                now += 11;
                _wheel.Fire(At(now));
            }
        });
    }

    private static Instant At(long milliseconds) => new(milliseconds, 0);

    private TimerNode NewTimer() => new(TimerKind.KeepAlive, _owner);

    private sealed class Owner : ITimerOwner
    {
        private readonly List<TimerNode> _fired = [];

        public Action<TimerNode>? Then { get; set; }

        public bool Keeps { get; set; } = true;

        public Instant LastInstant { get; private set; }

        public void OnTimer(TimerNode node, in Instant now)
        {
            LastInstant = now;
            if (Keeps)
            {
                _fired.Add(node);
            }

            Then?.Invoke(node);
        }

        public List<TimerNode> TakeFired()
        {
            List<TimerNode> fired = [.. _fired];
            _fired.Clear();
            return fired;
        }
    }

    /// <summary>A wheel beside a plain list of (timer, granule).</summary>
    private sealed class Model
    {
        private readonly TimerWheel _wheel = new();
        private readonly Owner _owner = new();
        private readonly List<TimerNode> _timers;
        private readonly Dictionary<TimerNode, long> _granules = [];
        private long _now = 5;

        public Model()
        {
            _timers = [.. Enumerable.Range(0, 16).Select(_ => new TimerNode(TimerKind.KeepAlive, _owner))];
            _wheel.Fire(At(_now));
        }

        public void Set(int timer, long delay)
        {
            long deadline = Math.Max(0, _now + delay);
            _wheel.Set(_timers[timer], deadline);
            _granules[_timers[timer]] = Math.Max((deadline + Granule - 1) / Granule, _now / Granule);
            Check();
        }

        public void Cancel(int timer)
        {
            _wheel.Cancel(_timers[timer]);
            _granules.Remove(_timers[timer]);
            Check();
        }

        public void Advance(long delay)
        {
            _now += delay;
            List<long> expected = [.. _granules.Values.Where(granule => granule <= _now / Granule).Order()];
            int count = _wheel.Fire(At(_now));
            List<long> fired = [.. _owner.TakeFired().Select(timer => _granules[timer])];
            Assert.Equal(expected, fired);
            Assert.Equal(count, fired.Count);
            foreach (TimerNode timer in _timers.Where(timer => !timer.IsArmed))
            {
                _granules.Remove(timer);
            }

            Check();
        }

        private void Check()
        {
            Assert.Equal(_granules.Count, _wheel.Count);
            Assert.Equal(_granules.Count, _timers.Count(timer => timer.IsArmed));
            if (_granules.Count == 0)
            {
                Assert.Equal(long.MaxValue, _wheel.NextDeadline);
                return;
            }

            Assert.True(_wheel.NextDeadline <= _granules.Values.Min() * Granule);
            bool anyIsDue = _granules.Values.Any(granule => granule <= _now / Granule);
            Assert.Equal(anyIsDue, _wheel.NextDeadline <= _now);
        }
    }
}
