namespace Starling.Cli.Progress;

/// <summary>
/// Says something on the standard error again and again: live in one line that changes and goes away, plain in a new line each time.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private const int UsualColumns = 80;
    private static readonly TimeSpan LivePeriod = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly CommandEnvironment _environment;
    private readonly Func<string?> _say;
    private ITimer? _timer;

    /// <summary>Begins; nothing is said before the first period is over.</summary>
    /// <param name="environment">Where it is said.</param>
    /// <param name="isLive">Whether it is one line that changes.</param>
    /// <param name="plainPeriod">From one plain line to the next.</param>
    /// <param name="say">What to say now; null: nothing. Called from any thread.</param>
    public ProgressLine(CommandEnvironment environment, bool isLive, TimeSpan plainPeriod, Func<string?> say)
    {
        _environment = environment;
        _say = say;
        IsLive = isLive;
        TimeSpan period = isLive ? LivePeriod : plainPeriod;
        _timer = environment.TimeProvider.CreateTimer(_ => Show(), null, period, period);
    }

    public bool IsLive { get; }

    /// <summary>Whether <paramref name="mode"/> means a line that changes, here.</summary>
    public static bool MeansLive(ProgressMode mode, CommandEnvironment environment) =>
        mode == ProgressMode.Live || (mode == ProgressMode.Auto && environment.ErrorColumns() is not null);

    /// <summary>How wide the terminal is; one that does not tell has 80 columns.</summary>
    public static int ColumnsOf(CommandEnvironment environment) => environment.ErrorColumns() is int known and > 20 ? known : UsualColumns;

    /// <summary>Takes back the line that changes; nothing is said afterwards.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            if (_timer is not null && IsLive)
            {
                _environment.Error.Write("\r\e[K");
            }

            _timer = null;
        }
    }

    private void Show()
    {
        lock (_gate)
        {
            if (_timer is null || _say() is not string line)
            {
                return;
            }

            if (!IsLive)
            {
                _environment.Error.WriteLine(line);
                return;
            }

            // A line that wraps could not be taken back.
            int columns = ColumnsOf(_environment);
            _environment.Error.Write($"\r{(line.Length < columns ? line : line[..(columns - 1)])}\e[K");
        }
    }
}
