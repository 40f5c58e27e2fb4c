using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Brokers;

/// <summary>A running broker. Its end is part of every test: SIGTERM, exit code 0.</summary>
internal sealed partial class BrokerProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _folder;
    private bool _stopped;

    private BrokerProcess(ChildProcess process, string folder, OutputLines log)
    {
        _process = process;
        _folder = folder;
        Log = log;
    }

    /// <summary>Which broker the tests run against: STARLING_E2E_BROKER=mosquitto checks the tests themselves.</summary>
    public static BrokerKind Kind { get; } =
        Environment.GetEnvironmentVariable("STARLING_E2E_BROKER") == "mosquitto" ? BrokerKind.Mosquitto : BrokerKind.Starling;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    public int ProcessId => _process.Id;

    /// <summary>Everything the broker prints, on both outputs.</summary>
    public OutputLines Log { get; }

    public bool HasExited => _process.HasExited;

    public static void RequireStarling(string why) => SkipForMosquitto(true, $"Only for Starling: {why}");

    public static void SkipForMosquitto(bool condition, string why) => Assert.SkipWhen(condition && Kind == BrokerKind.Mosquitto, why);

    public static Task<BrokerProcess> StartAsync(BrokerSettings? settings = null) => StartAsync(settings, Kind);

    /// <summary>Starts this broker, whichever the others of the tests are.</summary>
    public static async Task<BrokerProcess> StartAsync(BrokerSettings? settings, BrokerKind kind)
    {
        settings ??= BrokerSettings.Default;
        string folder = Directory.CreateTempSubdirectory("starling-e2e-").FullName;
        BrokerProcess? broker = null;
        try
        {
            broker = kind == BrokerKind.Mosquitto ? StartMosquitto(settings, folder) : StartStarling(settings, folder);
            await broker.WaitUntilReadyAsync(kind);
            return broker;
        }
        catch
        {
            if (broker is null)
            {
                Directory.Delete(folder, recursive: true);
            }
            else
            {
                await broker.AbandonAsync();
            }

            throw;
        }
    }

    /// <summary>The path of the built tool.</summary>
    public static string StarlingProgram()
    {
        string? given = Environment.GetEnvironmentVariable("STARLING_E2E_PROGRAM");
        string configuration = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";
        string program = given ?? Path.Combine(Tool.RepositoryRoot(), "src", "Starling.Cli", "bin", configuration, "net10.0", "starling");
        Assert.True(File.Exists(program), $"The broker is not built: {program}");
        return program;
    }

    /// <summary>Runs <c>starling</c> with these arguments, for tests in which it does not come to serve.</summary>
    public static ChildProcess Run(params string[] arguments)
    {
        string program = StarlingProgram();
        return ChildProcess.Start(program, arguments);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Signal(int signal) => _process.Signal(signal);

    public Task<int> WaitForExitAsync()
    {
        _stopped = true;
        return _process.WaitForExitAsync();
    }

    public async Task<int> StopAsync(int signal = ChildProcess.Terminate)
    {
        Signal(signal);
        return await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        bool wasStopped = _stopped;
        bool wasRunning = !_process.HasExited;
        int code = 0;
        try
        {
            code = wasStopped ? 0 : await StopAsync();
        }
        finally
        {
            await AbandonAsync();
        }

        Assert.True(wasStopped || wasRunning, $"The broker ended by itself with {code}:\n{Log}");
        Assert.True(code == 0, $"The broker ended with {code} at SIGTERM:\n{Log}");
    }

    private static BrokerProcess StartStarling(BrokerSettings settings, string folder)
    {
        // A quiet broker does not say which port it has found.
        int port = settings.IsQuiet && settings.Port == 0 ? FreePort() : settings.Port;
        List<string> arguments = ["serve", "--port", port.ToString(CultureInfo.InvariantCulture)];
        arguments.AddRange(settings.IsQuiet ? ["--quiet"] : []);

        // Small segments: the tests of a machine share one disk.
        arguments.AddRange(settings.DataDirectory is string data
            ? ["--data", data, "--set", "Storage:SegmentBytes=4MiB"]
            : ["--set", "Durability=memory"]);
        foreach ((string key, string value) in settings.Options)
        {
            arguments.AddRange(["--set", $"{key}={value}"]);
        }

        BrokerProcess broker = Launch(StarlingProgram(), arguments, folder);
        broker.Port = port;
        return broker;
    }

    private static BrokerProcess StartMosquitto(BrokerSettings settings, string folder)
    {
        int port = FreePort();
        string file = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllText(file, MosquittoConfiguration.Write(settings, port));
        BrokerProcess broker = Launch(Tool.Require("mosquitto", "mosquitto"), ["-c", file], folder);
        broker.Port = port;
        return broker;
    }

    private static BrokerProcess Launch(string program, IEnumerable<string> arguments, string folder)
    {
        var log = new OutputLines();
        ChildProcess process = ChildProcess.Start(program, arguments, log.Add, log.Add);
        process.Drained.ContinueWith(_ => log.End(), TaskScheduler.Default);
        return new BrokerProcess(process, folder, log);
    }

    [GeneratedRegex(@"127\.0\.0\.1:(\d+)")]
    private static partial Regex ListenerAddress();

    private async Task WaitUntilReadyAsync(BrokerKind kind)
    {
        if (kind == BrokerKind.Mosquitto)
        {
            await Log.WaitForAsync(line => line.EndsWith("running", StringComparison.Ordinal), "mosquitto's 'running'");
            return;
        }

        await Log.WaitForAsync(line => line == "ready", "the line 'ready'", limit: Patience.Long);
        if (Port != 0)
        {
            return;
        }

        string listener = await Log.WaitForAsync(line => ListenerAddress().IsMatch(line), "the listener on 127.0.0.1");
        Port = int.Parse(ListenerAddress().Match(listener).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    private async Task AbandonAsync()
    {
        _stopped = true;
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
