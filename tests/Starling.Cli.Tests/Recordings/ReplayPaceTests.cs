using Starling.Cli.Commands;

namespace Starling.Cli.Tests.Recordings;

public sealed class ReplayPaceTests
{
    private readonly JumpingTime _time = new();

    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 3)]
    [InlineData(0.5, 12)]
    public async Task Message_is_due_at_its_time_scaled(double speed, double seconds)
    {
        ReplayPace pace = new(_time, speed);
        pace.Begin();

        await pace.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await pace.WaitAsync(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);

        Assert.Equal((TimeSpan.FromSeconds(seconds), TimeSpan.Zero), (pace.Elapsed, pace.Latest));
    }

    [Fact]
    public async Task What_holds_the_replay_up_does_not_move_what_follows()
    {
        ReplayPace pace = new(_time, 1);
        pace.Begin();
        _time.Advance(TimeSpan.FromSeconds(5));

        await pace.WaitAsync(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.FromSeconds(2), pace.Now);
        await pace.WaitAsync(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        Assert.Equal((TimeSpan.FromSeconds(8), TimeSpan.Zero, TimeSpan.FromSeconds(2)), (pace.Elapsed, pace.Now, pace.Latest));
    }

    [Fact]
    public async Task As_fast_as_it_goes_waits_for_nothing()
    {
        ReplayPace pace = new(_time, double.PositiveInfinity);
        pace.Begin();

        await pace.WaitAsync(TimeSpan.FromDays(1), TestContext.Current.CancellationToken);

        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (pace.Elapsed, pace.Latest));
    }

    [Fact]
    public async Task Part_of_a_millisecond_is_waited_for_as_one()
    {
        ReplayPace pace = new(_time, 1);
        pace.Begin();

        await pace.WaitAsync(TimeSpan.FromMicroseconds(2300), TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromMilliseconds(3), pace.Elapsed);
        Assert.Equal(TimeSpan.FromMicroseconds(700), pace.Latest);
    }
}
