using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Starling.Hosting;
using Starling.Server.Control;
using Starling.Server.Logging;
using Starling.Storage;

namespace Starling.Server;

/// <summary>The process around one broker: start message, log, stop, exit code.</summary>
public static class ServerProcess
{
    private const int FileTooLargeSignal = 25;

    /// <summary>Runs a broker until it is told to stop or cannot go on.</summary>
    /// <param name="run">What to run, and where its words go.</param>
    /// <param name="stop">Cancelled: the broker stops in order.</param>
    /// <returns>A value of <see cref="ServerExitCode"/>.</returns>
    public static async Task<int> RunAsync(ServerRun run, CancellationToken stop)
    {
        // A limit on the size of files fails the write that meets it, which the store handles; it does not end the process.
        using PosixSignalRegistration? fileTooLarge = OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create((PosixSignal)FileTooLargeSignal, static context => context.Cancel = true);
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
            return ServerExitCode.Of(e.Failure);
        }

        await using (broker.ConfigureAwait(false))
        {
            int? fault = await ServeAsync(run, broker, logger, stop).ConfigureAwait(false);
            await broker.StopAsync().ConfigureAwait(false);
            return fault ?? Conclude(broker.Completion, logger);
        }
    }

    /// <returns>The exit code when the broker could not go on; null when it was told to stop.</returns>
    private static async Task<int?> ServeAsync(ServerRun run, StarlingBroker broker, ILogger logger, CancellationToken stop)
    {
        ControlSocket? control = OpenControl(run, broker, logger);
        try
        {
            SayReady(run, broker, logger);
            await UntilToldOrFaultedAsync(broker.Completion, stop).ConfigureAwait(false);
            if (broker.Completion.IsCompleted)
            {
                return Conclude(broker.Completion, logger);
            }

            Log.Stopping(logger);
            return null;
        }
        finally
        {
            if (control is not null)
            {
                await control.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // Only a broker that holds the lock of a data directory has a socket there.
    private static ControlSocket? OpenControl(ServerRun run, StarlingBroker broker, ILogger logger)
    {
        if (broker.Recovery is null || run.Options.DataDirectory is not string directory)
        {
            return null;
        }

        WarnOfOthers(directory, logger);
        ControlService service = new(directory, broker.BackupAsync, logger, run.TimeProvider);
        return ControlSocket.Start(directory, service, logger, run.TimeProvider);
    }

    private static void WarnOfOthers(string directory, ILogger logger)
    {
        const UnixFileMode Others = (UnixFileMode)0b111_111;
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(directory) is UnixFileMode mode && (mode & Others) != 0)
        {
            Log.DataOpenToOthers(logger, directory, Convert.ToString((int)mode, 8));
        }
    }

    private static int Conclude(Task completion, ILogger logger)
    {
        switch (completion.Exception?.InnerException)
        {
            case null:
                Log.Stopped(logger);
                return ServerExitCode.Stopped;
            case StoreException failure:
                Log.StorageFailed(logger, failure.Message);
                return ServerExitCode.StorageFailed;
            default:
                Log.Faulted(logger, completion.Exception);
                return ServerExitCode.Unexpected;
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
