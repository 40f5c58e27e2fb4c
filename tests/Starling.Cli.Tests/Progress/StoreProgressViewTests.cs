using Microsoft.Extensions.Time.Testing;
using Starling.Cli.Progress;
using Starling.Storage;

namespace Starling.Cli.Tests.Progress;

public sealed class StoreProgressViewTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => _error.Dispose();

    [Theory]
    [InlineData("Auto", 100)]
    [InlineData("Live", null)]
    public void Live_is_one_line_with_a_bar_that_goes_away(string mode, int? columns)
    {
        using (StoreProgressView view = Begin(Enum.Parse<ProgressMode>(mode), columns))
        {
            view.Report(new StoreProgress("reading", 5 << 20, 10 << 20, 7));
            _time.Advance(TimeSpan.FromMilliseconds(200));

            Assert.Equal("\r[##########..........] reading: 5 MiB of 10 MiB, 7 items\e[K", _error.ToString());
        }

        Assert.EndsWith("\e[K\r\e[K", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Auto", null)]
    [InlineData("Plain", 100)]
    public void Plain_is_a_line_each_second_with_speed_and_time_left(string mode, int? columns)
    {
        using StoreProgressView view = Begin(Enum.Parse<ProgressMode>(mode), columns);
        view.Report(new StoreProgress("reading", 0, 10 << 20, 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        view.Report(new StoreProgress("reading", 4 << 20, 10 << 20, 0));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            "verify: reading: 0 B of 10 MiB\nverify: reading: 4 MiB of 10 MiB, 2 MiB/s, 3 s left\n",
            _error.ToString());
    }

    [Fact]
    public void None_is_silent()
    {
        using (StoreProgressView view = Begin(ProgressMode.None, 100))
        {
            view.Report(new StoreProgress("reading", 1, 2, 0));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Nothing_is_said_before_there_is_something_to_say()
    {
        using StoreProgressView view = Begin(ProgressMode.Plain, null);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void Whole_that_is_not_known_is_left_out()
    {
        using StoreProgressView view = Begin(ProgressMode.Plain, null);
        view.Report(new StoreProgress("importing", 2048, 0, 3));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("verify: importing: 2 KiB, 3 items, 2 KiB/s\n", _error.ToString());
    }

    private StoreProgressView Begin(ProgressMode mode, int? columns) => new("verify", mode, new CommandEnvironment
    {
        Input = Stream.Null,
        Output = Stream.Null,
        Error = _error,
        Variable = _ => null,
        Interrupted = default,
        TimeProvider = _time,
        ErrorColumns = () => columns,
    });
}
