using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Starling.Conformance.Cases;

namespace Starling.Conformance.Tests.Peers;

/// <summary>Debian's mosquitto on free ports of this machine, stopped by its process id.</summary>
internal sealed class MosquittoProcess : IAsyncDisposable
{
    private const string Version = "2.0.11";

    /// <summary>Settings behind this line are of the TCP listener, which comes last.</summary>
    private const string ListenerSettings = "# of the listener";

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

    /// <summary>What makes of it a prepared server, as far as it can be one: a denied prefix of topics, and a user that it does not know.</summary>
    public static async Task<MosquittoProcess> StartPreparedAsync() =>
        await StartAsync("acl_file acl", "password_file users");

    /// <summary>With those features switched off that it can do without.</summary>
    public static async Task<MosquittoProcess> StartRestrictedAsync(int maximumQos) =>
        await StartAsync("retain_available false", ListenerSettings, $"max_qos {maximumQos}", "max_topic_alias 0");

    /// <summary>Starts it, and waits until it takes connections. Skips the test when it is not here in this version.</summary>
    /// <param name="settings">Lines of its configuration file besides those that open the listeners.</param>
    public static async Task<MosquittoProcess> StartAsync(params string[] settings)
    {
        string program = Array.Find(Places, File.Exists) ?? "";
        Assert.SkipWhen(program.Length == 0, "mosquitto is not installed (Debian: mosquitto).");
        Assert.SkipUnless((await OutputAsync(program)).Contains($"version {Version}", StringComparison.Ordinal), $"This mosquitto is not {Version}.");

        string folder = Directory.CreateTempSubdirectory("starling-mosquitto-").FullName;
        (int port, int webSocketPort) = FreePorts();
        string configuration = Path.Combine(folder, "mosquitto.conf");
        string[] common = [.. settings.TakeWhile(line => line != ListenerSettings)];

        // Started by root it would become a user that may not read this folder.
        await File.WriteAllLinesAsync(configuration,
        [
            "user root", "allow_anonymous true", .. common, $"listener {webSocketPort} 127.0.0.1", "protocol websockets",
            $"listener {port} 127.0.0.1", .. settings.Skip(common.Length),
        ]);
        await File.WriteAllLinesAsync(Path.Combine(folder, "acl"), ["topic readwrite #", $"topic deny {Preparation.DeniedPrefix}#"]);
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), "");
        ProcessStartInfo start = new(program, ["-c", configuration])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("mosquitto did not start.");
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
