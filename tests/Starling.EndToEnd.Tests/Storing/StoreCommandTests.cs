using System.Text.Json;
using System.Security.Cryptography;
using Starling.EndToEnd.Tests.Brokers;
using Starling.EndToEnd.Tests.Clients;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Storing;

/// <summary>The tools on the directory of a stopped broker.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private const int Messages = 120;
    private const int ProblemsFound = 2;
    private const int BadUsage = 3;
    private const int DataUnreadable = 22;
    private const int DataNewer = 23;
    private const int DataCorrupt = 24;

    private readonly DataFolder _folder = new();
    private readonly Session _session = Session.New();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verify_and_info_read_a_directory_and_change_nothing()
    {
        await FillAsync();
        Dictionary<string, string> before = Contents();

        ToolRun verify = await ToolRun.SucceedAsync("store", "verify", "--data", _folder.Data, "--output", "table");
        ToolRun info = await ToolRun.SucceedAsync("store", "info", "--data", _folder.Data, "--output", "table");
        ToolRun rows = await ToolRun.SucceedAsync("store", "info", "--data", _folder.Data);

        Assert.NotEmpty(verify.Output);
        Assert.Contains(info.Output, line => line.Contains("sessions", StringComparison.OrdinalIgnoreCase) && line.EndsWith(" 1", StringComparison.Ordinal));
        Assert.Contains(info.Output, line => line.EndsWith($" {Messages}", StringComparison.Ordinal));
        using JsonDocument row = JsonDocument.Parse(Assert.Single(rows.Output));
        Assert.Equal((1, Messages), (row.RootElement.GetProperty("sessions").GetInt32(), row.RootElement.GetProperty("queued").GetInt32()));
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Export_and_import_make_a_directory_with_the_same_state()
    {
        await FillAsync();
        string first = _folder.At("first.jsonl");
        string second = _folder.At("second.jsonl");

        await ToolRun.SucceedAsync("store", "export", "--data", _folder.Data, first);
        await ToolRun.SucceedAsync("store", "import", "--data", _folder.At("imported"), first);
        await ToolRun.SucceedAsync("store", "export", "--data", _folder.At("imported"), second);

        Assert.True(new FileInfo(first).Length > Messages * 20);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(first) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await ToolRun.SucceedAsync("store", "verify", "--data", _folder.At("imported"));
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.At("imported") });
        Assert.Equal(Enumerable.Range(0, Messages), await _session.TakeAsync(broker.Port, Messages));
    }

    [Fact]
    public async Task Export_to_the_output_and_import_from_the_input_fit_together()
    {
        await FillAsync();
        ToolRun export = await ToolRun.SucceedAsync("store", "export", "--data", _folder.Data);
        await using (ChildProcess import = BrokerProcess.Run("store", "import", "--data", _folder.At("imported")))
        {
            await import.WriteAndCloseInputAsync(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', export.Output) + "\n"));
            Assert.True(await import.WaitForExitAsync() == 0, import.Errors.ToString());
        }

        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.At("imported") });
        Assert.Equal(Enumerable.Range(0, Messages), await _session.TakeAsync(broker.Port, Messages));
    }

    [Fact]
    public async Task Import_into_a_directory_with_state_is_refused_and_changes_nothing()
    {
        await FillAsync();
        await ToolRun.SucceedAsync("store", "export", "--data", _folder.Data, _folder.At("state.jsonl"));
        Dictionary<string, string> before = Contents();

        ToolRun run = await ToolRun.RunAsync("store", "import", "--data", _folder.Data, _folder.At("state.jsonl"));

        Assert.Equal(BadUsage, run.Code);
        Assert.Single(run.Errors);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Import_of_a_wrong_line_names_it_and_makes_nothing()
    {
        BrokerProcess.RequireStarling("the command is ours.");
        await File.WriteAllTextAsync(_folder.At("wrong.jsonl"), "{\"no\":\"such thing\"}\n", TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.RunAsync("store", "import", "--data", _folder.Data, _folder.At("wrong.jsonl"));

        Assert.Equal(ProblemsFound, run.Code);
        Assert.Contains("line 1", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Data) && Directory.EnumerateFileSystemEntries(_folder.Data).Any());
    }

    [Fact]
    public async Task Damage_in_the_middle_is_24_for_serve_found_by_verify_and_mended_by_repair()
    {
        await FillAsync();
        await DamageAsync();
        Dictionary<string, string> before = Contents();

        ToolRun serve = await ToolRun.RunAsync("serve", "--port", "0", "--data", _folder.Data, "--set", "Storage:SegmentBytes=4MiB");
        ToolRun verify = await ToolRun.RunAsync("store", "verify", "--data", _folder.Data, "--progress", "none");

        Assert.Equal(DataCorrupt, serve.Code);
        string line = Assert.Single(serve.Errors);
        Assert.Contains(".seg", line, StringComparison.Ordinal);
        Assert.Contains("offset", line, StringComparison.Ordinal);
        Assert.Contains("starling store repair", line, StringComparison.Ordinal);
        Assert.Equal(ProblemsFound, verify.Code);
        Assert.Contains(verify.Output, finding => finding.Contains(".seg", StringComparison.Ordinal));
        Assert.Equal(before, Contents());

        ToolRun repair = await ToolRun.SucceedAsync("store", "repair", "--data", _folder.Data);
        Assert.NotEmpty(repair.Output);
        await ToolRun.SucceedAsync("store", "verify", "--data", _folder.Data);
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.Data });
        await _session.PublishAsync(broker.Port, Messages, 1);
    }

    [Fact]
    public async Task Newer_format_is_23_for_every_tool_and_stays_as_it_is()
    {
        await FillAsync();
        byte[] manifest = await File.ReadAllBytesAsync(Path.Join(_folder.Data, "MANIFEST"), TestContext.Current.CancellationToken);
        manifest[8] = 200;
        await File.WriteAllBytesAsync(Path.Join(_folder.Data, "MANIFEST"), manifest, TestContext.Current.CancellationToken);
        Dictionary<string, string> before = Contents();

        foreach (string[] command in (string[][])[["serve", "--port", "0"], ["store", "verify"], ["store", "info"], ["store", "export"], ["store", "repair"]])
        {
            ToolRun run = await ToolRun.RunAsync([.. command, "--data", _folder.Data]);

            Assert.True(run.Code == DataNewer, $"{string.Join(' ', command)} ended with {run.Code}:\n{run}");
            Assert.Single(run.Errors);
        }

        Assert.Equal(before, Contents());
    }

    [Theory]
    [InlineData("store", "verify")]
    [InlineData("store", "info")]
    [InlineData("store", "export")]
    [InlineData("store", "repair")]
    public async Task Directory_that_is_not_there_is_22_and_is_not_made(params string[] command)
    {
        BrokerProcess.RequireStarling("the commands are ours.");

        ToolRun run = await ToolRun.RunAsync([.. command, "--data", _folder.Data]);

        Assert.Equal(DataUnreadable, run.Code);
        Assert.Contains(_folder.Data, Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Data));
    }

    private async Task FillAsync()
    {
        BrokerProcess.RequireStarling("the commands are ours.");
        await using BrokerProcess broker = await BrokerProcess.StartAsync(BrokerSettings.Default with { DataDirectory = _folder.Data });
        await _session.BeginAsync(broker.Port);
        await _session.PublishAsync(broker.Port, 0, Messages);
        await using IForeignClient publisher = await Session.ConnectPublisherAsync(broker.Port);
        await publisher.PublishAsync(Message.Of("retained/one", "value", qos: 1, retain: true));
        await publisher.DisconnectAsync();
    }

    // A byte of one message in the midst of the log: each publication waited for the one before, so whole commits stand behind it.
    private async Task DamageAsync()
    {
        byte[] topic = System.Text.Encoding.UTF8.GetBytes(_session.Topic);
        foreach (string segment in Directory.EnumerateFiles(Path.Join(_folder.Data, "log")))
        {
            byte[] bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
            int first = bytes.AsSpan().IndexOf(topic);
            if (first < 0)
            {
                continue;
            }

            int second = first + 1 + bytes.AsSpan(first + 1).IndexOf(topic);
            bytes[second] ^= 0xFF;
            await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
            return;
        }

        Assert.Fail("The messages are not in the log.");
    }

    // The lock file names the process that was the last to try.
    private Dictionary<string, string> Contents() => Directory.EnumerateFiles(_folder.Data, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "LOCK")
        .ToDictionary(file => file, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
}
