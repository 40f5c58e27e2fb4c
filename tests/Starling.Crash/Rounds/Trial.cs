using System.Diagnostics;
using Starling.Crash.Ledger;
using Starling.Crash.Processes;
using Starling.Crash.Serving;

namespace Starling.Crash.Rounds;

/// <summary>
/// Rounds on one data directory. A round is a load that ends with a kill at a random moment, sometimes a second one, a restart, and the
/// comparison of what everybody has got with what was acknowledged.
/// </summary>
internal sealed class Trial : IAsyncDisposable
{
    private const int LoopsMax = 3;
    private const int StartMillisecondsMax = 600;
    private const int SecondLoadMax = 300;
    private const double ExponentMin = 0.25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoundLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LittlePatience = TimeSpan.FromSeconds(2);
    private readonly TrialOptions _options;
    private readonly Random _random;
    private readonly Scene _scene;
    private readonly Cast _cast;
    private readonly Visitors _visitors;
    private readonly DirectoryInfo _data;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private BrokerProcess? _broker;
    private string _step = "";
    private int _port;

    public Trial(TrialOptions options, Tally tally)
    {
        _options = options;
        _random = new Random(options.Seed);
        _scene = new Scene(Findings, tally);
        _cast = new Cast(_scene, new Topics(), _random);
        _visitors = new Visitors(_scene, _cast, _random);
        string? folder = options.Folder is null ? null : Path.Combine(options.Folder, Path.GetRandomFileName());
        _data = folder is null ? Directory.CreateTempSubdirectory("starling-crash-") : Directory.CreateDirectory(folder);
    }

    public Findings Findings { get; } = new();

    /// <summary>Runs rounds until something is wrong; the number of those that were run.</summary>
    public async Task<int> RunAsync(int rounds)
    {
        int round = 0;
        try
        {
            await StartAsync().ConfigureAwait(false);
            await _cast.PrepareAsync(_port).ConfigureAwait(false);
            await _cast.LeaveAsync().ConfigureAwait(false);
            while (round < rounds && Findings.IsEmpty)
            {
                round++;
                await RunRoundAsync().WaitAsync(RoundLimit).ConfigureAwait(false);
                _scene.Tally.Add(Count.Rounds);
            }
        }
        catch (InvalidOperationException e)
        {
            Findings.Add(Fault.Broker, e.Message);
        }
        catch (TimeoutException)
        {
            Findings.Add(Fault.Stalled, $"the round does not end; its last step was: {_step}");
        }

        if (!Findings.IsEmpty && _broker is { Errors.Length: > 0 })
        {
            Findings.Add(Fault.Broker, $"the last process said: {_broker.Errors}");
        }

        return round;
    }

    public async ValueTask DisposeAsync()
    {
        _cast.Dispose();
        _visitors.Abort();
        if (_broker is not null)
        {
            await _broker.DisposeAsync().ConfigureAwait(false);
        }

        _data.Delete(recursive: true);
    }

    private async Task RunRoundAsync()
    {
        int loads = _random.Next(3) == 0 ? 2 : 1;
        for (int load = 0; load < loads; load++)
        {
            Log("load");
            await LoadAsync(load == 0 ? _options.AcknowledgementsMax : SecondLoadMax, load > 0 && _random.Next(2) == 0).ConfigureAwait(false);
            Log("restart");
            await RestartAsync().ConfigureAwait(false);
            Log("retained");
            await _cast.Retained.CheckAsync(_port).ConfigureAwait(false);
        }

        Log("come back");
        await _visitors.ComeBackAsync(_port).ConfigureAwait(false);
        await _cast.FinishAsync(_port, PatienceNow).ConfigureAwait(false);
        Log("visitors");
        await _visitors.FinishAsync(_port).ConfigureAwait(false);
        Log("wills");
        await _scene.WaitAsync(_cast.Wills.IsDrained, PatienceNow).ConfigureAwait(false);
        Log("settle");
        await _cast.SettleAsync(_visitors.Inboxes, PatienceNow).ConfigureAwait(false);
        _cast.Wills.Settle();
        Log("leave");
        await _visitors.SettleAsync(_port).ConfigureAwait(false);
        await _cast.LeaveAsync().ConfigureAwait(false);
        if (_broker is { HasEndedByItself: true })
        {
            Findings.Add(Fault.Broker, "the broker ended by itself");
        }
    }

    private void Log(string step)
    {
        _step = step;
        if (_options.Log is { } log)
        {
            log(FormattableString.Invariant($"{_clock.Elapsed.TotalSeconds:0.000} round {_scene.Tally[Count.Rounds] + 1} {step}; {_scene.Tally[Count.Delivered]} delivered"));
        }
    }

    /// <summary>What is known to be missing need not be waited for.</summary>
    private TimeSpan PatienceNow => Findings.IsEmpty ? Patience : LittlePatience;

    private async Task LoadAsync(int acknowledgementsMax, bool isEverybody)
    {
        // As many short loads as long ones: what goes wrong early goes wrong in each of them.
        double exponent = ExponentMin + ((1 - ExponentMin) * _random.NextDouble());
        long acknowledgements = (long)Math.Pow(acknowledgementsMax, exponent);
        Action kill = _options.IsKilling && _broker is { } broker ? broker.Kill : () => { };
        _ = _scene.Arm(acknowledgements, kill);
        Task load = RunLoadAsync(isEverybody);
        if (!await _scene.WaitAsync(() => _scene.IsCut, Patience).ConfigureAwait(false))
        {
            Findings.Add(Fault.Stalled, "the load does not go on");
            _scene.Cut();
        }

        _scene.Tally.Add(Count.Kills, _options.IsKilling ? 1 : 0);
        if (_options.IsKilling && _broker is not null)
        {
            await _broker.WaitForExitAsync().ConfigureAwait(false);
        }
        else
        {
            _cast.Abort();
            _visitors.Abort();
        }

        await load.WaitAsync(Patience).ConfigureAwait(false);
        _cast.Pause();
        if (!_options.IsKilling)
        {
            // Who was about to connect at the cut, has.
            _cast.Abort();
            _visitors.Abort();
        }

        await Task.WhenAll(_cast.EndedAsync(), _visitors.EndedAsync()).WaitAsync(Patience).ConfigureAwait(false);
    }

    // Those who were absent in the load before have a backlog, so that the kill comes while that is read and delivered.
    private async Task RunLoadAsync(bool isEverybody)
    {
        Task returned = isEverybody ? _visitors.ReturnAsync(_port) : Task.CompletedTask;
        bool isConnected = await _cast.ConnectAsync(_port, isEverybody).ConfigureAwait(false);
        await returned.ConfigureAwait(false);
        if (isConnected)
        {
            await Task.WhenAll(_cast.RunAsync(), _visitors.RunAsync(_port)).ConfigureAwait(false);
        }
        else if (!_scene.IsCut)
        {
            Findings.Add(Fault.Refused, "not everybody can connect");
        }
    }

    private async Task RestartAsync()
    {
        if (!_options.IsKilling)
        {
            return;
        }

        while (_random.Next(5) == 0)
        {
            await KillWhileStartingAsync().ConfigureAwait(false);
        }

        await StartAsync().ConfigureAwait(false);
    }

    private async Task KillWhileStartingAsync()
    {
        BrokerProcess broker = await LaunchAsync().ConfigureAwait(false);
        await broker.Opening.ConfigureAwait(false);
        try
        {
            await broker.WaitForPortAsync().WaitAsync(TimeSpan.FromMilliseconds(_random.Next(StartMillisecondsMax))).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It is still opening its store, which is a good moment.
        }

        broker.Kill();
        _scene.Tally.Add(Count.Kills);
        _scene.Tally.Add(Count.KillsWhileStarting);
    }

    private async Task StartAsync()
    {
        BrokerProcess broker = await LaunchAsync().ConfigureAwait(false);
        _port = await broker.WaitForPortAsync().ConfigureAwait(false);
    }

    private async Task<BrokerProcess> LaunchAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync().ConfigureAwait(false);
        }

        // A data directory opens with any number of loops.
        return _broker = BrokerProcess.Start(new BrokerArguments
        {
            Layer = _options.Layer,
            DataDirectory = _data.FullName,
            Loops = 1 + _random.Next(LoopsMax),
            Seed = _random.Next(),
            SyncDelay = _options.SyncDelay,
        });
    }
}
