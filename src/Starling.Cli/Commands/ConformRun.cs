using System.Globalization;
using Starling.Cli.Flags;
using Starling.Conformance.Reports;
using Starling.Conformance.Running;
using Starling.Conformance.Targets;

namespace Starling.Cli.Commands;

/// <summary>One run of <c>conform</c>: tests each server, and reports.</summary>
internal sealed class ConformRun(ConformSettings settings, CommandEnvironment environment)
{
    public async Task<int> RunAsync()
    {
        try
        {
            List<SuiteResult> results = [];
            foreach (ServerSettings server in settings.Servers)
            {
                results.Add(await TestAsync(server).ConfigureAwait(false));
            }

            WriteText(results[0]);
            return CodeOf(results[0]);
        }
        catch (OperationCanceledException) when (environment.Interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private async Task<SuiteResult> TestAsync(ServerSettings server)
    {
        SuiteOptions options = new()
        {
            Versions = settings.Versions,
            IsWanted = settings.IsWanted,
            UserName = server.UserName,
            Password = server.Password,
            RunName = environment.Seed.ToString("x8", CultureInfo.InvariantCulture),
        };
        TcpTarget target = new(server.Host, server.Port, environment.TimeProvider);
        return await new SuiteRunner(target, options).RunAsync(environment.Interrupted).ConfigureAwait(false);
    }

    private void WriteText(SuiteResult result)
    {
        using StreamWriter output = new(environment.Output, leaveOpen: true) { NewLine = "\n" };
        new TextReport(output, settings.IsQuiet).Write(result);
        if (result.Abort is SuiteAbort abort)
        {
            environment.Error.WriteLine($"starling: {abort.Message}");
        }
    }

    private static int CodeOf(SuiteResult result) => result.Abort?.Kind switch
    {
        null => result.HasFailure ? ExitCode.ProblemsFound : ExitCode.Ok,
        SuiteAbortKind.Refused => ExitCode.ConnectionRefused,
        SuiteAbortKind.Lost => ExitCode.ConnectionLost,
        _ => ExitCode.CannotConnect,
    };
}
