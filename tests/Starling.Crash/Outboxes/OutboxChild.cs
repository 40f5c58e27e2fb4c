using System.Diagnostics;
using System.Globalization;

namespace Starling.Crash.Outboxes;

/// <summary>One life of the program as its owner sees it. It never outlives its owner: disposing kills it by its process id.</summary>
internal sealed class OutboxChild : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;
    private readonly Task<string> _errors;
    private int _stored = -1;

    private OutboxChild(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _output = ReadAsync();
    }

    /// <summary>The highest number whose ticket has returned; -1 for none.</summary>
    public int Stored => Volatile.Read(ref _stored);

    /// <summary>Done when it is connected.</summary>
    public Task Ready => _ready.Task;

    public static OutboxChild Start(OutboxLayer layer, string directory, int port, int life, int limit)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Starling.Crash"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["--outbox", $"{layer}", directory, Text(port), Text(life), Text(limit)])
        {
            start.ArgumentList.Add(argument);
        }

        return new OutboxChild(Process.Start(start) ?? throw new InvalidOperationException("The client does not start."));
    }

    /// <summary>Its exit code, and what it said about it, when it has ended by itself.</summary>
    public async Task<(int Code, string Errors)> WaitForEndAsync(TimeSpan limit)
    {
        using CancellationTokenSource cancel = new(limit);
        await _process.WaitForExitAsync(cancel.Token).ConfigureAwait(false);
        await _output.ConfigureAwait(false);
        return (_process.ExitCode, await _errors.ConfigureAwait(false));
    }

    /// <summary>SIGKILL; after it everything that it had printed is known.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _output.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("stored ", StringComparison.Ordinal)
                && int.TryParse(line.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out int stored))
            {
                Volatile.Write(ref _stored, stored);
            }

            if (line == "ready")
            {
                _ready.TrySetResult();
            }
        }

        _ready.TrySetException(new InvalidOperationException($"The client ended before it was ready: {await _errors.ConfigureAwait(false)}"));
        _ = _ready.Task.Exception;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
