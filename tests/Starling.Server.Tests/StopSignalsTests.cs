using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;

namespace Starling.Server.Tests;

public sealed class StopSignalsTests
{
    [Fact]
    public void The_first_signal_asks_for_a_stop_and_is_held_back()
    {
        using StopSignals signals = new(new FakeTimeProvider());
        PosixSignalContext first = new(PosixSignal.SIGTERM);

        signals.OnSignal(first);

        Assert.True(first.Cancel);
        Assert.True(signals.Stop.IsCancellationRequested);
    }

    [Fact]
    public void A_signal_passed_on_twice_counts_once()
    {
        FakeTimeProvider time = new();
        using StopSignals signals = new(time);
        signals.OnSignal(new PosixSignalContext(PosixSignal.SIGTERM));
        time.Advance(TimeSpan.FromMilliseconds(999));
        PosixSignalContext echo = new(PosixSignal.SIGTERM);

        signals.OnSignal(echo);

        Assert.True(echo.Cancel);
    }

    [Fact]
    public void A_signal_after_a_second_is_left_to_the_system()
    {
        FakeTimeProvider time = new();
        using StopSignals signals = new(time);
        signals.OnSignal(new PosixSignalContext(PosixSignal.SIGINT));
        time.Advance(TimeSpan.FromSeconds(1));
        PosixSignalContext second = new(PosixSignal.SIGINT);

        signals.OnSignal(second);

        Assert.False(second.Cancel);
    }
}
