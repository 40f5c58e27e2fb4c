using Microsoft.Extensions.Time.Testing;
using Starling.Cli.Commands;
using Starling.Conformance.Running;
using Starling.Protocol;

namespace Starling.Cli.Tests.Commands;

public sealed class ConformProgressTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => _error.Dispose();

    [Fact]
    public void On_a_terminal_it_is_one_line_that_goes_away()
    {
        using (ConformProgress progress = Begin(columns: 100))
        {
            progress.OnCaseDone(Done(Verdict.Passed));
            progress.OnCaseDone(Done(Verdict.Failed));
            _time.Advance(TimeSpan.FromMilliseconds(200));

            Assert.Equal("\r[##########..........] 2 of 4 cases, 1 failed, 0 s  MQTT 5.0, 3.12 PINGREQ\e[K", _error.ToString());
        }

        Assert.EndsWith("\e[K\r\e[K", _error.ToString(), StringComparison.Ordinal);
        int written = _error.ToString().Length;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(written, _error.ToString().Length);
    }

    [Fact]
    public void A_line_never_fills_the_width()
    {
        using ConformProgress progress = Begin(columns: 40);
        _time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(39, _error.ToString().Replace("\r", "", StringComparison.Ordinal).Replace("\e[K", "", StringComparison.Ordinal).Length);
    }

    [Fact]
    public void Elsewhere_it_is_a_line_now_and_then()
    {
        using ConformProgress progress = Begin(columns: null);
        progress.OnCaseDone(Done(Verdict.Passed));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("Testing mqtt://x: 4 cases.\n", _error.ToString());

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Testing mqtt://x: 4 cases.\nmqtt://x: 1 of 4 cases, 10 s\n", _error.ToString());
    }

    [Theory]
    [InlineData(80)]
    [InlineData(null)]
    public void Quiet_is_silent(int? columns)
    {
        using (ConformProgress progress = Begin(columns, isQuiet: true))
        {
            progress.OnCaseDone(Done(Verdict.Passed));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Empty(_error.ToString());
    }

    private ConformProgress Begin(int? columns, bool isQuiet = false)
    {
        ConformProgress progress = new("mqtt://x", isQuiet, new CommandEnvironment
        {
            Input = Stream.Null,
            Output = Stream.Null,
            Error = _error,
            Variable = _ => null,
            Interrupted = default,
            TimeProvider = _time,
            ErrorColumns = () => columns,
        });
        progress.Begin(4);
        return progress;
    }

    private static CaseResult Done(Verdict verdict) => new("case", MqttVersion.V5, ["MQTT-3.12.4-1"], verdict, "");
}
