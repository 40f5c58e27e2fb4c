using Microsoft.Extensions.Logging;
using Starling.Hosting;
using Starling.Server.Logging;

namespace Starling.Server;

/// <summary>The process around one broker: start message, log, stop, exit code.</summary>
public static class ServerProcess
{
    /// <summary>Runs a broker until it is told to stop or cannot go on.</summary>
    /// <param name="run">What to run, and where its words go.</param>
    /// <param name="stop">Cancelled: the broker stops in order.</param>
    /// <returns>A value of <see cref="ServerExitCode"/>.</returns>
    public static async Task<int> RunAsync(ServerRun run, CancellationToken stop)
    {
        using ConsoleLoggerFactory log = new(run.Log, run.LowestLevel, run.TimeProvider);
        ILogger logger = log.CreateLogger("Starling.Server");
        StarlingBroker broker;
        try
        {
            broker = StarlingBroker.Start(run.Options, new StarlingServices { LoggerFactory = log, TimeProvider = run.TimeProvider });
        }
        catch (StarlingStartException e)
        {
            run.Log.WriteLine($"starling: {e.Message}");
            return e.Failure == StartFailure.Listener ? ServerExitCode.Listener : ServerExitCode.Configuration;
        }

        await using (broker.ConfigureAwait(false))
        {
            SayReady(run, broker, logger);
            await UntilToldOrFaultedAsync(broker.Completion, stop).ConfigureAwait(false);
            if (broker.Completion.IsCompleted)
            {
                Log.Faulted(logger, broker.Completion.Exception);
                return ServerExitCode.Unexpected;
            }

            Log.Stopping(logger);
            await broker.StopAsync().ConfigureAwait(false);
            Log.Stopped(logger);
            return ServerExitCode.Stopped;
        }
    }

    // A broker serves its clients whether or not somebody can read what it says.
    private static void SayReady(ServerRun run, StarlingBroker broker, ILogger logger)
    {
        try
        {
            if (!run.IsQuiet)
            {
                StartMessage.Write(run.Output, run.Options, broker);
            }

            run.Output.WriteLine("ready");
            run.Output.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.StartMessageLost(logger, e.Message);
        }
    }

    private static async Task UntilToldOrFaultedAsync(Task completion, CancellationToken stop)
    {
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = stop.Register(told.SetResult);
        await Task.WhenAny(completion, told.Task).ConfigureAwait(false);
    }
}
