using System.Globalization;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;

namespace Starling.EndToEnd.Tests.Storing;

/// <summary>A copy of a broker that serves, and a broker that serves from the copy.</summary>
public sealed class BackupTests : IDisposable
{
    private const int BadUsage = 3;
    private const int CannotConnect = 4;
    private const int DataLocked = 21;

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_under_load_holds_what_was_acknowledged_before_it_and_a_broker_serves_from_it()
    {
        BrokerProcess.RequireStarling("the command is ours.");
        const int Before = 300;
        Session session = Session.New();
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.Data });
        await session.BeginAsync(broker.Port);
        await session.PublishAsync(broker.Port, 0, Before);
        using CancellationTokenSource enough = new();
        Task<int> load = PublishUntilAsync(broker.Port, session, Before, enough.Token);

        ToolRun backup = await ToolRun.RunAsync("backup", "--data", _folder.Data, _folder.At("backup"));
        await enough.CancelAsync();
        int published = await load;
        Assert.True(backup.Code == 0, backup.ToString());
        Assert.Equal($"The backup in {_folder.At("backup")} is complete.", backup.Errors[^1]);
        Assert.Empty(backup.Output);

        await ToolRun.SucceedAsync("store", "verify", "--data", _folder.At("backup"));
        await ToolRun.SucceedAsync("restore", "--data", _folder.At("restored"), _folder.At("backup"));
        await using BrokerProcess other = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.At("restored") });

        List<int> kept = await session.TakeAsync(other.Port, Before);
        Assert.Equal(Enumerable.Range(0, Before), kept);
        Assert.Equal(Enumerable.Range(0, published), await session.TakeAsync(broker.Port, published));
    }

    [Fact]
    public async Task Backup_into_a_directory_with_something_in_it_is_refused_and_changes_nothing()
    {
        BrokerProcess.RequireStarling("the command is ours.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.Data });
        Directory.CreateDirectory(_folder.At("backup"));
        await File.WriteAllTextAsync(_folder.At("backup/mine"), "precious", TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.RunAsync("backup", "--data", _folder.Data, _folder.At("backup"));

        Assert.Equal(BadUsage, run.Code);
        Assert.Contains(_folder.At("backup"), Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Equal([_folder.At("backup/mine")], Directory.EnumerateFileSystemEntries(_folder.At("backup")));
    }

    [Fact]
    public async Task Backup_without_a_broker_says_that_none_runs()
    {
        BrokerProcess.RequireStarling("the command is ours.");

        ToolRun run = await ToolRun.RunAsync("backup", "--data", _folder.Data, _folder.At("backup"));

        Assert.Equal(CannotConnect, run.Code);
        Assert.StartsWith($"starling: No broker runs on {_folder.Data}", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("backup")));
    }

    [Fact]
    public async Task Tools_leave_the_directory_of_a_running_broker_alone()
    {
        BrokerProcess.RequireStarling("the commands are ours.");
        Session session = Session.New();
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.Data });
        await session.BeginAsync(broker.Port);
        await ToolRun.SucceedAsync("backup", "--data", _folder.Data, _folder.At("backup"));
        foreach (string[] command in (string[][])[["store", "verify"], ["store", "info"], ["store", "export"], ["store", "repair"]])
        {
            ToolRun refused = await ToolRun.RunAsync([.. command, "--data", _folder.Data]);

            Assert.True(refused.Code == DataLocked, $"{string.Join(' ', command)} ended with {refused.Code}:\n{refused}");
            Assert.Contains($"process {broker.ProcessId}", Assert.Single(refused.Errors), StringComparison.Ordinal);
        }

        ToolRun restore = await ToolRun.RunAsync("restore", "--data", _folder.Data, _folder.At("backup"));
        Assert.True(restore.Code is BadUsage or DataLocked, restore.ToString());
        Assert.Single(restore.Errors);
        await session.PublishAsync(broker.Port, 0, 10);
        Assert.Equal(Enumerable.Range(0, 10), await session.TakeAsync(broker.Port, 10));
    }

    private static async Task<int> PublishUntilAsync(int port, Session session, int first, CancellationToken enough)
    {
        await using IForeignClient client = await Session.ConnectPublisherAsync(port);
        int number = first;
        while (!enough.IsCancellationRequested)
        {
            await client.PublishAsync(Message.Of(session.Topic, number.ToString(CultureInfo.InvariantCulture), qos: 1));
            number++;
        }

        return number;
    }
}
