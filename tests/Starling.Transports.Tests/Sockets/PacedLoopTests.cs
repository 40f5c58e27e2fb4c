using System.Diagnostics;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests.Sockets;

public sealed class PacedLoopTests
{
    private const int Iterations = 200;
    private const long Microsecond = 1000;

    [Theory]
    [InlineData(LoopKind.Epoll, 0, 300 * Microsecond, 300 * Microsecond)]
    [InlineData(LoopKind.Epoll, 200 * Microsecond, 0, 200 * Microsecond)]
    [InlineData(LoopKind.Epoll, 100 * Microsecond, 200 * Microsecond, 300 * Microsecond)]
    [InlineData(LoopKind.Portable, 0, 300 * Microsecond, 1000 * Microsecond)]
    public async Task Loop_rests_as_its_client_says_and_no_shorter(LoopKind kind, long gather, long wait, long shortest)
    {
        PacedClient client = new(new LoopRest(gather, wait));
        await using LoopGroup group = Start(kind, client);
        long begun = Stopwatch.GetTimestamp();
        long before = client.Iterations;

        await Harness.Until(() => client.Iterations >= before + Iterations);

        // The first one may have been half over; and timers count in coarser steps than the clock.
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begun);
        Assert.True(elapsed.TotalMicroseconds >= (Iterations - 1) * shortest / 1000.0 * 0.9, $"{Iterations} iterations took {elapsed}.");
    }

    [Theory]
    [InlineData(LoopKind.Epoll)]
    [InlineData(LoopKind.Portable)]
    public async Task Mail_ends_a_long_rest(LoopKind kind)
    {
        PacedClient client = new(new LoopRest(0, 3_600_000_000_000));
        await using LoopGroup group = Start(kind, client);
        await Harness.Until(() => client.Iterations > 0);

        client.Send();

        await Harness.Until(() => !client.HasMail);
    }

    private static LoopGroup Start(LoopKind kind, PacedClient client) =>
        LoopGroup.Start(new LoopGroupOptions { Loops = 1, Kind = kind, Budget = new MemoryBudget(1 << 20) }, _ => client);
}
