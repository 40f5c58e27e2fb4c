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
        DateTimeOffset begun = environment.TimeProvider.GetUtcNow();
        List<SuiteResult> results = [];
        int seed = environment.NewSeed();
        try
        {
            foreach (ServerSettings server in settings.Servers)
            {
                results.Add(await TestAsync(server, seed + results.Count).ConfigureAwait(false));
                if (!WasTested(results[0]))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (environment.Interrupted.IsCancellationRequested)
        {
            environment.Error.WriteLine("starling: interrupted; no report was written.");
            return ExitCode.Interrupted;
        }

        SuiteReport report = new($"starling {typeof(ConformRun).Assembly.GetName().Version?.ToString(3)}", begun, results);
        bool isWritten = WriteFiles(report);
        WriteText(report with { Results = [.. results.Where(WasTested)] });
        foreach (SuiteAbort abort in results.Select(result => result.Abort).OfType<SuiteAbort>())
        {
            environment.Error.WriteLine($"starling: {Printable.Of(SuiteReport.AsSentence(abort.Message))}");
        }

        return !isWritten ? ExitCode.Unexpected : results.Select(CodeOf).FirstOrDefault(code => code != ExitCode.Ok, ExitCode.Ok);

        // Statements that another server breaks are what a comparison is made to see.
        int CodeOf(SuiteResult result, int index) =>
            index > 0 && result.Abort is null ? ExitCode.Ok : ConformRun.CodeOf(result);
    }

    private async Task<SuiteResult> TestAsync(ServerSettings server, int seed)
    {
        string host = server.Host.Trim('[', ']');
        ITarget target = server.IsWebSocket
            ? new WebSocketTarget(host, server.Port, $"/{server.UrlPath}", environment.TimeProvider)
            : new TcpTarget(host, server.Port, environment.TimeProvider);
        using ConformProgress progress = new(target.Name, settings.IsQuiet, environment);
        SuiteRunner runner = new(target, new SuiteOptions
        {
            Versions = settings.Versions,
            IsWanted = settings.IsWanted,
            UserName = server.UserName,
            Password = server.Password,
            RunName = seed.ToString("x8", CultureInfo.InvariantCulture),
            CaseDone = progress.OnCaseDone,
        });
        progress.Begin(runner.Plan.Count);
        return await runner.RunAsync(environment.Interrupted).ConfigureAwait(false);
    }

    private bool WriteFiles(SuiteReport report)
    {
        bool isWritten = true;
        foreach ((string? path, Action<SuiteReport, Stream> write) in (ReadOnlySpan<(string?, Action<SuiteReport, Stream>)>)
            [(settings.JsonFile, JsonReport.Write), (settings.JUnitFile, JUnitReport.Write), (settings.HtmlFile, HtmlReport.Write)])
        {
            try
            {
                if (path is not null)
                {
                    ReportFile.Write(path, stream => write(report, stream));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                environment.Error.WriteLine($"starling: {path} cannot be written: {e.Message}");
                isWritten = false;
            }
        }

        return isWritten;
    }

    private void WriteText(SuiteReport report)
    {
        if (report.Results.Count == 0)
        {
            return;
        }

        try
        {
            using StreamWriter output = new(environment.Output, leaveOpen: true) { NewLine = "\n" };
            new TextReport(output, settings.IsQuiet, settings.IsColoured).Write(report);
        }
        catch (IOException e) when (OutputFault.IsReaderGone(e))
        {
            // Whoever read has seen enough; the exit code still tells what was found.
        }
    }

    private static bool WasTested(SuiteResult result) => result.Abort is null or { Kind: SuiteAbortKind.Lost };

    private static int CodeOf(SuiteResult result) => result.Abort?.Kind switch
    {
        null => result.HasFailure ? ExitCode.ProblemsFound : ExitCode.Ok,
        SuiteAbortKind.Refused => ExitCode.ConnectionRefused,
        SuiteAbortKind.Lost => ExitCode.ConnectionLost,
        _ => ExitCode.CannotConnect,
    };
}
