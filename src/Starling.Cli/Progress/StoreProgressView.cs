using System.Globalization;
using Starling.Server;
using Starling.Storage;

namespace Starling.Cli.Progress;

/// <summary>Shows how far a piece of work on a data directory is: what is done of it, how fast, and how long it will still take.</summary>
internal sealed class StoreProgressView : IProgress<StoreProgress>, IDisposable
{
    private static readonly TimeSpan PlainPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _what;
    private readonly TimeProvider _timeProvider;
    private readonly ProgressLine? _line;
    private StoreProgress? _latest;
    private long _stageBegun;

    /// <param name="what">The words of the command, before each plain line.</param>
    /// <param name="mode">How it is said.</param>
    /// <param name="environment">Where it is said.</param>
    public StoreProgressView(string what, ProgressMode mode, CommandEnvironment environment)
    {
        _what = what;
        _timeProvider = environment.TimeProvider;
        _line = mode == ProgressMode.None
            ? null
            : new ProgressLine(environment, ProgressLine.MeansLive(mode, environment), PlainPeriod, Describe);
    }

    /// <summary>Callable from any thread.</summary>
    public void Report(StoreProgress value)
    {
        lock (_gate)
        {
            if (_latest?.Stage != value.Stage)
            {
                _stageBegun = _timeProvider.GetTimestamp();
            }

            _latest = value;
        }
    }

    public void Dispose() => _line?.Dispose();

    private string? Describe()
    {
        StoreProgress progress;
        double seconds;
        lock (_gate)
        {
            if (_latest is null)
            {
                return null;
            }

            progress = _latest.Value;
            seconds = _timeProvider.GetElapsedTime(_stageBegun).TotalSeconds;
        }

        string text = $"{progress.Stage}: {Done(progress)}{Pace(progress, seconds)}";
        return _line?.IsLive == true ? $"{ProgressBar.Of(progress.DoneBytes, progress.TotalBytes)} {text}" : $"{_what}: {text}";
    }

    private static string Done(StoreProgress progress)
    {
        string bytes = progress.TotalBytes > 0
            ? $"{SizeWords.Of(progress.DoneBytes)} of {SizeWords.Of(progress.TotalBytes)}"
            : SizeWords.Of(progress.DoneBytes);
        return progress.Items == 0 ? bytes : string.Create(CultureInfo.InvariantCulture, $"{bytes}, {progress.Items} items");
    }

    private static string Pace(StoreProgress progress, double seconds)
    {
        if (seconds < 1 || progress.DoneBytes <= 0)
        {
            return "";
        }

        double bytesPerSecond = progress.DoneBytes / seconds;
        string speed = $", {SizeWords.Of((long)bytesPerSecond)}/s";
        return progress.TotalBytes <= progress.DoneBytes
            ? speed
            : string.Create(CultureInfo.InvariantCulture, $"{speed}, {(progress.TotalBytes - progress.DoneBytes) / bytesPerSecond:0} s left");
    }
}
