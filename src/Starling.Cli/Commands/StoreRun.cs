using Starling.Server;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary>Runs work on a data directory, and turns what stands in its way into one line and an exit code.</summary>
internal static class StoreRun
{
    /// <summary>Runs it on this thread.</summary>
    public static Task<int> RunAsync(CommandEnvironment environment, Func<int> work) =>
        RunAsync(environment, () => Task.FromResult(work()));

    public static async Task<int> RunAsync(CommandEnvironment environment, Func<Task<int>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (StoreException e)
        {
            environment.Error.WriteLine($"starling: {e.Message}");
            return CodeOf(e.Failure);
        }
        catch (OperationCanceledException) when (environment.Interrupted.IsCancellationRequested)
        {
            environment.Error.WriteLine("starling: interrupted; what was begun was taken back.");
            return ExitCode.Interrupted;
        }
    }

    /// <summary>The codes of a data directory are those of <c>serve</c>.</summary>
    public static int CodeOf(StoreFailure failure) => failure switch
    {
        StoreFailure.Locked => ServerExitCode.DataLocked,
        StoreFailure.Unreadable => ServerExitCode.DataUnreadable,
        StoreFailure.NewerFormat => ServerExitCode.DataNewer,
        StoreFailure.Corrupt => ServerExitCode.DataCorrupt,
        StoreFailure.NotEmpty or StoreFailure.Usage => ExitCode.Usage,
        _ => ExitCode.Unexpected,
    };
}
