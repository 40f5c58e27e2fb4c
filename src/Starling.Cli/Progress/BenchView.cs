using Spectre.Console;
using Starling.Bench.Results;
using Starling.Bench.Settings;

namespace Starling.Cli.Progress;

/// <summary>Shows how a run of <c>bench</c> goes: on a terminal in a block that changes, elsewhere in a line each second.</summary>
internal sealed class BenchView : IBenchObserver, IDisposable
{
    private readonly BenchSettings _settings;
    private readonly CommandEnvironment _environment;
    private readonly bool _isPlain;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _live = Task.CompletedTask;
    private Sample? _latest;

    /// <param name="settings">What runs.</param>
    /// <param name="mode">How it is shown.</param>
    /// <param name="environment">Where it is shown.</param>
    public BenchView(BenchSettings settings, ProgressMode mode, CommandEnvironment environment)
    {
        _settings = settings;
        _environment = environment;
        bool isLive = ProgressLine.MeansLive(mode, environment);
        _isPlain = mode != ProgressMode.None && !isLive;
        if (isLive)
        {
            _live = ShowAsync();
        }
    }

    public void OnSample(Sample sample)
    {
        Volatile.Write(ref _latest, sample);
        if (_isPlain)
        {
            _environment.Error.WriteLine(BenchLine.Of(sample, _settings));
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _live.Wait();
        _ended.Dispose();
    }

    private async Task ShowAsync()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(_environment.Error),
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = ProgressLine.ColumnsOf(_environment);
        await console.Live(BenchBlock.Of(null, _settings)).AutoClear(true).StartAsync(async context =>
        {
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(250), _environment.TimeProvider);
            try
            {
                while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
                {
                    context.UpdateTarget(BenchBlock.Of(Volatile.Read(ref _latest), _settings));
                }
            }
            catch (OperationCanceledException)
            {
                // The run is over, and the block goes away.
            }
        }).ConfigureAwait(false);
    }
}
