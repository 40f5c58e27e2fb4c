using System.Globalization;
using Starling.Cli.Progress;
using Starling.Conformance.Reports;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;

namespace Starling.Cli.Commands;

/// <summary>Says how far a run is: on a terminal in one line that changes and goes away, elsewhere in a line now and then.</summary>
internal sealed class ConformProgress(string target, bool isQuiet, CommandEnvironment environment) : IDisposable
{
    private static readonly TimeSpan PlainPeriod = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly long _begun = environment.TimeProvider.GetTimestamp();
    private ProgressLine? _line;
    private string _section = "";
    private int _total;
    private int _done;
    private int _failed;

    public void Begin(int total)
    {
        _total = total;
        if (isQuiet)
        {
            return;
        }

        bool isLive = ProgressLine.MeansLive(ProgressMode.Auto, environment);
        if (!isLive)
        {
            environment.Error.WriteLine($"Testing {target}: {SuiteReport.Cases(total)}.");
        }

        _line = new ProgressLine(environment, isLive, PlainPeriod, () => Describe(isLive));
    }

    public void OnCaseDone(CaseResult result)
    {
        lock (_gate)
        {
            _done++;
            _failed += result.Verdict == Verdict.Failed ? 1 : 0;
            _section = StatementTable.Find(result.Statements[0]) is Statement statement ? Chapter.Of(statement).FullName : "";
        }
    }

    public void Dispose() => _line?.Dispose();

    private string Describe(bool isLive)
    {
        lock (_gate)
        {
            TimeSpan elapsed = environment.TimeProvider.GetElapsedTime(_begun);
            string counts = string.Create(
                CultureInfo.InvariantCulture,
                $"{_done} of {SuiteReport.Cases(_total)}{(_failed == 0 ? "" : $", {_failed} failed")}, {elapsed.TotalSeconds:0} s");
            return isLive ? $"{ProgressBar.Of(_done, _total)} {counts}  {_section}" : $"{target}: {counts}";
        }
    }
}
