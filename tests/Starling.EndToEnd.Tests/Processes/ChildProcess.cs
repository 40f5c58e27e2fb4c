using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Starling.EndToEnd.Tests.Processes;

/// <summary>A program that runs beside the tests. It never outlives its owner: disposing ends it by its process id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Kill9 = 9;
    public const int Terminate = 15;

    private readonly Process _process;
    private readonly Task _pumps;

    private ChildProcess(Process process, Action<string>? onOutput, Action<string>? onError)
    {
        _process = process;
        _pumps = Task.WhenAll(
            PumpAsync(process.StandardOutput, onOutput ?? Output.Add, Output),
            PumpAsync(process.StandardError, onError ?? Errors.Add, Errors));
    }

    public OutputLines Output { get; } = new();

    public OutputLines Errors { get; } = new();

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Ends when both outputs have been read to their ends.</summary>
    public Task Drained => _pumps;

    /// <param name="onOutput">Takes each line of standard output instead of <see cref="Output"/>; called from one thread at a time.</param>
    /// <param name="onError">The same for standard error and <see cref="Errors"/>.</param>
    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, Action<string>? onOutput = null, Action<string>? onError = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{file} does not start.");
        return new ChildProcess(process, onOutput, onError);
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    public async Task WriteAndCloseInputAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The program ended before it read everything; its exit code tells more.
        }

        _process.StandardInput.Close();
    }

    public void Signal(int signal)
    {
        if (!_process.HasExited && Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} to process {_process.Id}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>The exit code, once the program has ended and all it printed has been read.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? limit = null)
    {
        using CancellationTokenSource patience = Patience.Start(limit);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _pumps.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} still runs. It printed:\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    public void KillNow()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        KillNow();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _pumps;
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);

    private static async Task PumpAsync(StreamReader reader, Action<string> take, OutputLines lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            take(line);
        }

        lines.End();
    }
}
