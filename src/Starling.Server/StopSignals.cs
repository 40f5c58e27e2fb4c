using System.Runtime.InteropServices;

namespace Starling.Server;

/// <summary>
/// Turns the first SIGTERM or SIGINT into a request to stop. A later one is not held back, so the system ends the process at once; but what
/// comes within a second is taken for an echo of the first, since whoever passes signals on (a shell, a supervisor) often sends two.
/// </summary>
public sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private long? _firstTimestamp;

    /// <summary>Begins to watch.</summary>
    public StopSignals()
        : this(TimeProvider.System)
    {
    }

    internal StopSignals(TimeProvider time)
    {
        _time = time;
        IgnoredInterrupt.Restore();
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _stop.Dispose();
    }

    internal void OnSignal(PosixSignalContext context)
    {
        lock (_gate)
        {
            _firstTimestamp ??= _time.GetTimestamp();
            context.Cancel = _time.GetElapsedTime(_firstTimestamp.Value) < Echo;
        }

        _stop.Cancel();
    }
}
