using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Starling.Crash.Serving;

namespace Starling.Crash.Processes;

/// <summary>The broker as a process of its own. It never outlives its owner: disposing kills it by its process id.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string HeapBytesMax = "0x50000000";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pumps;
    private int _killed;

    private BrokerProcess(Process process)
    {
        _process = process;
        _pumps = Task.WhenAll(PumpOutputAsync(), PumpErrorsAsync());
    }

    public int Id => _process.Id;

    /// <summary>Everything that it said on standard error.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Whether it has ended, but not by <see cref="Kill"/>.</summary>
    public bool HasEndedByItself => _killed == 0 && _process.HasExited;

    /// <summary>Done when the process runs and is about to open its store.</summary>
    public Task Opening => _opening.Task;

    public static BrokerProcess Start(BrokerArguments arguments)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Starling.Crash"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // A broker that goes wild ends with a stack trace, before it takes the machine with it.
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytesMax;
        foreach (string argument in arguments.ToArguments())
        {
            start.ArgumentList.Add(argument);
        }

        return new BrokerProcess(Process.Start(start) ?? throw new InvalidOperationException("The broker does not start."));
    }

    /// <summary>The port, once clients can connect.</summary>
    /// <exception cref="InvalidOperationException">The broker ended before; the message is what it said.</exception>
    public async Task<int> WaitForPortAsync()
    {
        try
        {
            return await _port.Task.WaitAsync(StartLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"The broker does not come up. It said:\n{Errors}");
        }
    }

    /// <summary>SIGKILL. What the kernel has of it, such as bytes in sockets, stays.</summary>
    public void Kill()
    {
        Interlocked.Exchange(ref _killed, 1);
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }

    public async Task WaitForExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        await _pumps.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task PumpOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            _opening.TrySetResult();
            if (line.StartsWith("port ", StringComparison.Ordinal))
            {
                _port.TrySetResult(int.Parse(line.AsSpan(5), CultureInfo.InvariantCulture));
            }
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        _opening.TrySetResult();
        _port.TrySetException(new InvalidOperationException($"The broker ended with {_process.ExitCode}. It said:\n{Errors}"));
        _ = _port.Task.Exception;
    }

    private async Task PumpErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            _errors.Enqueue(line);
        }
    }
}
