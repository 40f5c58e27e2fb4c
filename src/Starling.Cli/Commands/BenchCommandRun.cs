using System.Globalization;
using Starling.Bench.Measuring;
using Starling.Bench.Observing;
using Starling.Bench.Reports;
using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Bench.Settings;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary>One run of <c>bench</c>: makes the load, and reports.</summary>
internal sealed class BenchCommandRun(
    ConnectionSettings connection, BenchFiles files, IBrokerProcess? broker, CommandEnvironment environment)
{
    private readonly string _server = string.Create(CultureInfo.InvariantCulture, $"{connection.Host}:{connection.Port}");

    public async Task<int> RunAsync(BenchSettings settings, ProgressMode progress)
    {
        BenchResult result = await RunOnceAsync(settings, progress).ConfigureAwait(false);
        if (result.Failure is { Kind: FailureKind.Refused, Reason: ReasonCode.UnsupportedProtocolVersion } && !connection.IsVersionChosen
            && settings.Scenario != BenchScenario.Share)
        {
            result = await RunOnceAsync(settings with { Version = MqttVersion.V311 }, progress).ConfigureAwait(false);
        }

        (int code, string? failure) = result.Failure is { } found ? BenchFailure.Explain(found, _server) : (ExitCode.Ok, (string?)null);
        BenchDocument document = DocumentWriter.Create(result, _server, failure);
        bool isWritten = WriteFiles(result, document);
        IReadOnlyList<ComparedFigure> compared =
            files.Earlier is { } earlier ? Comparison.Compare(earlier, document, files.TolerancePercent) : [];
        Print(result, document, compared);
        if (failure is not null)
        {
            environment.Error.WriteLine($"starling: {failure}");
        }

        return code != ExitCode.Ok ? code
            : !isWritten ? ExitCode.Unexpected
            : result.IsInterrupted ? ExitCode.Interrupted
            : result.IsValid && result.Broken.Count == 0 && !compared.Any(figure => figure.IsWorse) ? ExitCode.Ok
            : ExitCode.ProblemsFound;
    }

    private async Task<BenchResult> RunOnceAsync(BenchSettings settings, ProgressMode progress)
    {
        using BenchView view = new(settings, progress, environment);
        return await new BenchRunner(settings, broker, view, environment.TimeProvider)
            .RunAsync(connection.Host, connection.Port, environment.Interrupted).ConfigureAwait(false);
    }

    private bool WriteFiles(BenchResult result, BenchDocument document)
    {
        bool isWritten = true;
        foreach ((string? path, Action<Stream> write) in (ReadOnlySpan<(string?, Action<Stream>)>)
            [
                (files.Json, stream => BenchJson.Write(document, stream)),
                (files.Csv, stream => CsvReport.Write(result.Samples, stream)),
                (files.Histogram, stream => HistogramReport.Write(MainTimes(result), stream)),
            ])
        {
            try
            {
                if (path is not null)
                {
                    ReportFile.Write(path, write);
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

    // What the scenario is about: deliveries, else cycles, acknowledgements or connections.
    private static LatencyHistogram MainTimes(BenchResult result)
    {
        foreach (Measure measure in (ReadOnlySpan<Measure>)[Measure.Delivery, Measure.Cycle, Measure.Acknowledgement, Measure.Connect])
        {
            if (result.Times.TryGetValue(measure, out LatencyHistogram? times))
            {
                return times;
            }
        }

        return new LatencyHistogram();
    }

    private void Print(BenchResult result, BenchDocument document, IReadOnlyList<ComparedFigure> compared)
    {
        if (files.PrintsJson)
        {
            BenchJson.Write(document, environment.Output);
            return;
        }

        if (result.Sections.Count == 0)
        {
            return;
        }

        using StreamWriter output = new(environment.Output, leaveOpen: true) { NewLine = "\n" };
        TextReport.Write(result, _server, output);
        if (files.Earlier is { } earlier)
        {
            foreach (string difference in Comparison.Differences(earlier, document))
            {
                environment.Error.WriteLine($"starling: --compare: {difference}");
            }

            Comparison.Write(compared, output);
        }
    }
}
