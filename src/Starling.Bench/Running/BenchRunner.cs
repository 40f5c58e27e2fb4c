using System.Net;
using System.Net.Sockets;
using Starling.Bench.Observing;
using Starling.Bench.Results;
using Starling.Bench.Scenarios;
using Starling.Bench.Settings;
using Starling.Protocol;
using Starling.Protocol.Loops;
using Starling.Transports;

namespace Starling.Bench.Running;

/// <summary>Runs a scenario against a server over TCP.</summary>
internal sealed class BenchRunner(BenchSettings settings, IBrokerProcess? broker, IBenchObserver observer, TimeProvider time)
{
    private const long BudgetBytes = 1L << 40;
    private const int ReadBytes = 256 * 1024;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Runs to the end, or until it is stopped, which leaves what was found so far.</summary>
    /// <param name="host">The server's name or address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="stop">Ends the run early.</param>
    public async Task<BenchResult> RunAsync(string host, int port, CancellationToken stop)
    {
        BenchRun run = new(settings, new BenchClock(time), broker);
        DateTimeOffset begun = time.GetUtcNow();
        try
        {
            IPEndPoint server = await BenchTarget.FindAsync(host, port, time, stop).ConfigureAwait(false);
            await RunAsync(run, server, stop).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            run.Fail(new RunFailure(FailureKind.CannotConnect, ReasonCode.UnspecifiedError, e.Message));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            run.RequestStop();
        }

        return BenchResult.Of(run, begun);
    }

    private async Task RunAsync(BenchRun run, IPEndPoint server, CancellationToken stop)
    {
        LoopGroupOptions options = new()
        {
            Loops = settings.Loops,
            Budget = new MemoryBudget(BudgetBytes),
            Time = time,
            ThreadNamePrefix = "starling-bench-",
            ReadBytes = ReadBytes,
        };
        using CancellationTokenSource ended = new();
        LoopGroup group = LoopGroup.Start(options, _ => run.AddLoop(CreateThreadClock()));
        await using (group.ConfigureAwait(false))
        {
            ScenarioPlan plan = new ScenarioBuilder(run, new LoopGroupConnector(group, server, run, ended.Token)).Build();
            run.Director.Prepare(plan.Stages, plan.GoodBye, observer);
            using CancellationTokenRegistration registration = stop.Register(run.RequestStop);
            Task first = await Task.WhenAny(run.Completion, group.Completion).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            await group.StopAsync(Grace).ConfigureAwait(false);
        }
    }

    private IThreadClock CreateThreadClock() =>
        OperatingSystem.IsLinux() ? new LinuxThreadClock() : new SharedThreadClock(settings.Loops);
}
