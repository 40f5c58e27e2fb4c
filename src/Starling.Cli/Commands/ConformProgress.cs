using System.Globalization;
using Starling.Conformance.Reports;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;

namespace Starling.Cli.Commands;

/// <summary>Says how far a run is: on a terminal in one line that changes and goes away, elsewhere in a line now and then.</summary>
internal sealed class ConformProgress(string target, bool isQuiet, CommandEnvironment environment) : IDisposable
{
    private const int BarColumns = 20;
    private static readonly TimeSpan TerminalPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainPeriod = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly long _begun = environment.TimeProvider.GetTimestamp();
    private readonly bool _isTerminal = environment.ErrorColumns() is not null;
    private ITimer? _timer;
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

        if (!_isTerminal)
        {
            environment.Error.WriteLine($"Testing {target}: {SuiteReport.Cases(total)}.");
        }

        TimeSpan period = _isTerminal ? TerminalPeriod : PlainPeriod;
        _timer = environment.TimeProvider.CreateTimer(_ => Show(), null, period, period);
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

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            if (_timer is not null && _isTerminal)
            {
                environment.Error.Write("\r\e[K");
            }

            _timer = null;
        }
    }

    private void Show()
    {
        lock (_gate)
        {
            if (_timer is null)
            {
                return;
            }

            TimeSpan elapsed = environment.TimeProvider.GetElapsedTime(_begun);
            string counts = string.Create(
                CultureInfo.InvariantCulture,
                $"{_done} of {SuiteReport.Cases(_total)}{(_failed == 0 ? "" : $", {_failed} failed")}, {elapsed.TotalSeconds:0} s");
            if (!_isTerminal)
            {
                environment.Error.WriteLine($"{target}: {counts}");
                return;
            }

            int filled = _total == 0 ? 0 : BarColumns * _done / _total;
            string line = $"[{new string('#', filled)}{new string('.', BarColumns - filled)}] {counts}  {_section}";

            // A terminal that does not tell how wide it is has 80 columns; a line that wraps could not be taken back.
            int columns = environment.ErrorColumns() is int known and > 20 ? known : 80;
            environment.Error.Write($"\r{(line.Length < columns ? line : line[..(columns - 1)])}\e[K");
        }
    }
}
