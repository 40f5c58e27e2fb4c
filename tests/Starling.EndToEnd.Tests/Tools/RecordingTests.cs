using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Processes;
using Starling.EndToEnd.Tests.Storing;

namespace Starling.EndToEnd.Tests.Tools;

/// <summary>The built tool records from a broker and replays to it, also after it was killed.</summary>
public sealed class RecordingTests(DefaultBroker broker) : IClassFixture<DefaultBroker>
{
    private string[] Address => ["-h", "127.0.0.1", "-p", broker.Port.ToString(CultureInfo.InvariantCulture)];

    [Theory]
    [InlineData(ChildProcess.Interrupt, true)]
    [InlineData(ChildProcess.Terminate, true)]
    [InlineData(ChildProcess.Kill9, false)]
    public async Task What_was_recorded_is_replayed_however_the_recorder_ended(int signal, bool isComplete)
    {
        using DataFolder folder = new();
        string file = folder.At("traffic.rec");
        string topic = $"recorded/{signal}";
        await using (ChildProcess recorder = BrokerProcess.Run(["record", .. Address, "-t", $"{topic}/#", "-d", "--progress", "none", file]))
        {
            await recorder.Errors.WaitForAsync(static line => line.StartsWith("Connected to", StringComparison.Ordinal), "the connection of the recorder");
            await UntilRecordedAsync(file, topic);
            recorder.Signal(signal);
            int code = await recorder.WaitForExitAsync();
            Assert.Equal(isComplete, code == 0);
        }

        string[] session = [.. Address, "-i", $"replayed-{signal}", "-c", "-q", "2", "-t", $"again{signal}/#"];
        await ToolRun.SucceedAsync(["sub", .. session, "-E"]);
        ToolRun replay = await ToolRun.SucceedAsync(["replay", .. Address, "--speed", "max", "--map", $"{topic}/=again{signal}/", "--progress", "none", file]);
        ToolRun received = await ToolRun.SucceedAsync(["sub", .. session, "-C", "2", "-W", "30", "-v"]);

        Assert.Equal(!isComplete, replay.Errors.Any(static line => line.Contains("has no end", StringComparison.Ordinal)));
        Assert.Equal([$"again{signal}/first 1", $"again{signal}/last 2"], received.Output);
    }

    [Fact]
    public async Task Health_tells_a_broker_that_is_ready_from_one_that_is_gone()
    {
        BrokerProcess own = await BrokerProcess.StartAsync();
        string[] address = ["-h", "127.0.0.1", "-p", own.Port.ToString(CultureInfo.InvariantCulture)];

        ToolRun ready = await ToolRun.SucceedAsync(["health", .. address]);
        await own.DisposeAsync();
        ToolRun gone = await ToolRun.RunAsync(["health", .. address]);

        Assert.Contains(" is ready: MQTT ", Assert.Single(ready.Output), StringComparison.Ordinal);
        Assert.Equal(4, gone.Code);
        Assert.Empty(gone.Output);
        Assert.Single(gone.Errors);
    }

    // The first message is repeated until the recorder has it, which may not be subscribed yet; then there is one more.
    private async Task UntilRecordedAsync(string file, string topic)
    {
        const int HeadBytes = 32;
        using CancellationTokenSource patience = Patience.Start(Patience.Long);
        await ToolRun.SucceedAsync(["pub", .. Address, "-t", $"{topic}/first", "-m", "1", "-q", "1", "-r"]);
        await UntilLongerAsync(HeadBytes);
        long length = new FileInfo(file).Length;
        await ToolRun.SucceedAsync(["pub", .. Address, "-t", $"{topic}/last", "-m", "2", "-q", "1"]);
        await UntilLongerAsync(length);

        async Task UntilLongerAsync(long bytes)
        {
            while (!File.Exists(file) || new FileInfo(file).Length <= bytes)
            {
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }
}
