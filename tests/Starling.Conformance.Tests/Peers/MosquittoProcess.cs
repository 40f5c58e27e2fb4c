using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Starling.Conformance.Tests.Peers;

/// <summary>Debian's mosquitto on free ports of this machine, stopped by its process id.</summary>
internal sealed class MosquittoProcess : IAsyncDisposable
{
    private const string Version = "2.0.11";

    private static readonly string[] Places = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"];

    private readonly Process _process;
    private readonly string _folder;

    private MosquittoProcess(Process process, string folder, int port, int webSocketPort)
    {
        _process = process;
        _folder = folder;
        Port = port;
        WebSocketPort = webSocketPort;
    }

    public int Port { get; }

    public int WebSocketPort { get; }

    /// <summary>Starts it, and waits until it takes connections. Skips the test when it is not here in this version.</summary>
    public static async Task<MosquittoProcess> StartAsync()
    {
        string program = Array.Find(Places, File.Exists) ?? "";
        Assert.SkipWhen(program.Length == 0, "mosquitto is not installed (Debian: mosquitto).");
        Assert.SkipUnless((await OutputAsync(program)).Contains($"version {Version}", StringComparison.Ordinal), $"This mosquitto is not {Version}.");

        string folder = Directory.CreateTempSubdirectory("starling-mosquitto-").FullName;
        (int port, int webSocketPort) = FreePorts();
        string configuration = Path.Combine(folder, "mosquitto.conf");
        await File.WriteAllLinesAsync(configuration,
        [
            "allow_anonymous true", $"listener {port} 127.0.0.1", $"listener {webSocketPort} 127.0.0.1", "protocol websockets",
        ]);
        Process process = Process.Start(new ProcessStartInfo(program, ["-c", configuration]) { RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("mosquitto did not start.");
        MosquittoProcess mosquitto = new(process, folder, port, webSocketPort);
        await mosquitto.WaitUntilReadyAsync();
        return mosquitto;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>It says so in its log when the listeners are open.</summary>
    private async Task WaitUntilReadyAsync()
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException("mosquitto ended before it was running."));
            }
            else if (line.Data.EndsWith(" running", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<string> OutputAsync(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, ["-h"]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("mosquitto did not start.");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await error;
    }

    /// <summary>Two ports that are free now; mosquitto cannot be asked to choose.</summary>
    private static (int First, int Second) FreePorts()
    {
        using TcpListener first = new(IPAddress.Loopback, 0);
        using TcpListener second = new(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((IPEndPoint)first.LocalEndpoint).Port, ((IPEndPoint)second.LocalEndpoint).Port);
    }
}
