using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Library;

/// <summary>Debian's mosquitto with one listener, whose lines a test gives.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly OutputLines _log;

    private Mosquitto(ChildProcess process, OutputLines log)
    {
        _process = process;
        _log = log;
    }

    public static int FreePort() => BrokerProcess.FreePort();

    public static async Task<Mosquitto> StartAsync(TestAuthority authority, int port, params string[] lines)
    {
        string file = authority.Write(
            $"mosquitto-{port}.conf",
            string.Join('\n', [$"listener {port} 127.0.0.1", "allow_anonymous true", "user root", "log_type all", "log_dest stderr", .. lines]) + "\n");
        OutputLines log = new();
        ChildProcess process = ChildProcess.Start(Tool.Require("mosquitto", "mosquitto"), ["-c", file], log.Add, log.Add);
        _ = process.Drained.ContinueWith(_ => log.End(), TaskScheduler.Default);
        Mosquitto broker = new(process, log);
        string line = await log.WaitForAsync(
            text => text.EndsWith("running", StringComparison.Ordinal) || text.Contains("Error", StringComparison.Ordinal), "mosquitto's 'running'");
        if (!line.EndsWith("running", StringComparison.Ordinal))
        {
            await broker.DisposeAsync();
            Assert.SkipWhen(line.Contains("Websockets support not available", StringComparison.Ordinal), "This mosquitto is built without WebSocket.");
            Assert.Fail($"mosquitto does not start: {line}");
        }

        return broker;
    }

    /// <summary>The lines of a TLS listener with a certificate of this authority.</summary>
    public static string[] Tls(TestAuthority authority, bool wantsCertificate)
    {
        (string certFile, string keyFile) = authority.IssueFiles("localhost");
        return [$"cafile {authority.RootFile}", $"certfile {certFile}", $"keyfile {keyFile}", $"require_certificate {(wantsCertificate ? "true" : "false")}"];
    }

    public async ValueTask DisposeAsync()
    {
        _process.Signal(ChildProcess.Terminate);
        await _process.WaitForExitAsync();
        await _process.DisposeAsync();
    }

    public override string ToString() => _log.ToString();
}
