using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Hosting;

namespace Starling.Server.Tests;

public sealed class ServerProcessTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _log = new() { NewLine = "\n" };

    public void Dispose()
    {
        _output.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Told_to_stop_it_ends_with_0_after_a_start_message_that_ends_with_ready()
    {
        int code = await ServerProcess.RunAsync(Run(), new CancellationToken(canceled: true));

        Assert.Equal(ServerExitCode.Stopped, code);
        string[] lines = _output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal("ready", lines[^1]);
        Assert.InRange(lines.Length, 4, 8);
        Assert.Contains(lines, static line => line.Contains("listeners   tcp://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("nothing survives a restart", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("limits      memory 32 MiB, packet 2 MiB", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("AllowAnonymous=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Broker_serves_although_nobody_can_read_its_start_message()
    {
        using TextWriter full = new FullWriter();
        using CancellationTokenSource stop = new();
        Task<int> serving = ServerProcess.RunAsync(Run() with { Output = full }, stop.Token);

        Assert.False(serving.IsCompleted);
        await stop.CancelAsync();

        Assert.Equal(ServerExitCode.Stopped, await serving);
        Assert.Contains("warn  The start message cannot be written: no space left.", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_start_says_only_ready()
    {
        await ServerProcess.RunAsync(Run() with { IsQuiet = true }, new CancellationToken(canceled: true));

        Assert.Equal("ready\n", _output.ToString());
    }

    [Fact]
    public async Task Stop_is_logged()
    {
        await ServerProcess.RunAsync(Run(), new CancellationToken(canceled: true));

        Assert.Contains("info  Stopped.", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lowest_level_leaves_out_what_is_less_important()
    {
        await ServerProcess.RunAsync(Run() with { LowestLevel = LogLevel.Warning }, new CancellationToken(canceled: true));

        Assert.Empty(_log.ToString());
    }

    [Fact]
    public async Task Busy_port_is_20_and_one_line()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        IPEndPoint taken = Assert.IsType<IPEndPoint>(other.LocalEndpoint);

        int code = await ServerProcess.RunAsync(Run(taken), CancellationToken.None);

        Assert.Equal(ServerExitCode.Listener, code);
        Assert.Equal(
            $"starling: Cannot listen on {taken}: another program uses this port. Stop it, or choose another port (0 takes a free one).\n",
            _log.ToString());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task Wrong_setting_is_26_and_one_line()
    {
        ServerRun run = Run();

        int code = await ServerProcess.RunAsync(run with { Options = run.Options with { Loops = 0 } }, CancellationToken.None);

        Assert.Equal(ServerExitCode.Configuration, code);
        Assert.StartsWith("starling: Loops=0 is not allowed", _log.ToString(), StringComparison.Ordinal);
        Assert.Single(_log.ToString().TrimEnd('\n').Split('\n'));
    }

    private ServerRun Run(IPEndPoint? endPoint = null) => new()
    {
        Options = new StarlingOptions
        {
            Listeners = [new ListenerAddress(endPoint ?? new IPEndPoint(IPAddress.Loopback, 0))],
            Durability = Durability.Memory,
            Loops = 1,
            MemoryBudgetBytes = 32 << 20,
        },
        Output = _output,
        Log = _log,
    };

    private sealed class FullWriter : StringWriter
    {
        public override void Flush() => throw new IOException("no space left");
    }
}
