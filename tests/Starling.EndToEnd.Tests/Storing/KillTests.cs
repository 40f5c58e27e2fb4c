using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Storing;

/// <summary>What was acknowledged is there again after the end of the process, however it came.</summary>
public sealed class KillTests : IDisposable
{
    private const int KilledCode = 128 + ChildProcess.Kill9;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ChildProcess.Kill9, KilledCode)]
    [InlineData(ChildProcess.Terminate, 0)]
    public async Task Sessions_queues_and_retained_messages_are_there_after_the_end(int signal, int code)
    {
        BrokerProcess.RequireStarling("mosquitto acknowledges before it stores.");
        const int Messages = 200;
        BrokerSettings settings = BrokerSettings.Default with { DataDirectory = _folder.Data };
        Session session = Session.New();
        string retained = ForeignClients.NewName("retained/");
        await using (BrokerProcess first = await BrokerProcess.StartAsync(settings))
        {
            await session.BeginAsync(first.Port);
            await session.PublishAsync(first.Port, 0, Messages);
            await using IForeignClient publisher = await Session.ConnectPublisherAsync(first.Port);
            await publisher.PublishAsync(Message.Of(retained, "still here", qos: 1, retain: true));
            Assert.Equal(code, await first.StopAsync(signal));
        }

        await using BrokerProcess second = await BrokerProcess.StartAsync(settings);

        Assert.Contains(second.Log.Snapshot(), line => line.StartsWith($"  recovered   1 sessions, {Messages} queued messages, 1 retained", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, Messages), await session.TakeAsync(second.Port, Messages));
        await using IForeignClient reader = await Session.ConnectPublisherAsync(second.Port);
        await reader.SubscribeAsync(retained, 1);
        Message message = await reader.ReceiveAsync();
        Assert.Equal(("still here", true), (message.Text, message.Retain));
    }

    [Fact]
    public async Task Failed_disk_ends_acknowledging_at_once_and_the_process_with_25()
    {
        BrokerProcess.RequireStarling("the exit codes are ours.");
        string limiter = Tool.Require("prlimit", "util-linux");
        const int StorageFailed = 25;
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.Data });
        await using IForeignClient publisher = await Session.ConnectPublisherAsync(broker.Port);
        await publisher.PublishAsync(Message.Of("limit", "before", qos: 1, retain: true));

        // From now on every write to a file fails.
        await using (ChildProcess limit = ChildProcess.Start(limiter, ["--pid", broker.ProcessId.ToString(), "--fsize=0:0"]))
        {
            Assert.Equal(0, await limit.WaitForExitAsync());
        }

        Task publishing = publisher.PublishAsync(Message.Of("limit", "after", qos: 1, retain: true));

        Assert.Equal(StorageFailed, await broker.WaitForExitAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => Patience.Until(publishing, "the end of a publication that is never acknowledged"));
        Assert.Contains(broker.Log.Snapshot(), line => line.Contains("The storage has failed", StringComparison.Ordinal));
    }
}
