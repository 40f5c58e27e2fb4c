using System.Net;
using Starling.Hosting;
using Starling.Server;

namespace Starling.Cli.Tests.Commands;

/// <summary>The commands on data directories, inside this process; the built tool is driven by the end-to-end tests.</summary>
public sealed class StoreCommandTests : IDisposable
{
    private const int BrokenPipe = 32;
    private const int NoSpace = 28;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> ReadingCommands => ["store verify", "store info", "store export"];

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(ReadingCommands))]
    public async Task Reading_a_new_directory_is_0_and_says_something(string command)
    {
        await MakeAsync();

        CliRun run = await CliRun.RunAsync([.. command.Split(' '), "--data", Data], new CliSurroundings { IsOutputTerminal = true });

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.NotEmpty(run.Output);
    }

    [Theory]
    [InlineData("store info --output json", "[{\"format\":")]
    [InlineData("store info --output jsonl", "{\"format\":")]
    [InlineData("store info", "{\"format\":")]
    [InlineData("store info --output csv", "format,store,opened,sessions,")]
    [InlineData("store info --output table", "format         ")]
    [InlineData("store verify --output json", "[]\n")]
    [InlineData("store verify --output csv", "file,offset,message\r\n")]
    public async Task Rows_are_printed_as_asked_for(string command, string begin)
    {
        await MakeAsync();

        CliRun run = await CliRun.RunAsync([.. command.Split(' '), "--data", Data]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith(begin, run.Output, StringComparison.Ordinal);
        Assert.Equal(command.Contains("verify", StringComparison.Ordinal), run.Error.EndsWith(" No damage was found.\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Directory_by_default_is_the_one_of_the_surroundings()
    {
        await MakeAsync();

        CliRun run = await CliRun.RunAsync(["store", "verify", "--output", "table"], new CliSurroundings { Variables = new() { ["STARLING_DATA"] = Data } });

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.EndsWith("No damage was found.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_restore_is_130_and_leaves_nothing()
    {
        await MakeAsync();

        CliRun run = await CliRun.RunAsync(["restore", "--data", _folder.File("restored"), Data], Interrupted());

        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Equal("starling: interrupted; what was begun was taken back.\n", run.Error);
        Assert.False(Directory.Exists(_folder.File("restored")));
    }

    [Fact]
    public async Task Interrupted_export_is_130_and_leaves_no_file()
    {
        await MakeAsync();

        CliRun run = await CliRun.RunAsync(["store", "export", "--data", Data, _folder.File("state.jsonl")], Interrupted());

        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Equal([Data], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(BrokenPipe, ExitCode.Ok, "")]
    [InlineData(NoSpace, ExitCode.Unexpected, "starling: the output cannot be written: fault\n")]
    public async Task Export_that_cannot_be_written_blames_the_output(int error, int code, string said)
    {
        await MakeAsync();

        CliRun run = await CliRun.RunAsync(
            ["store", "export", "--data", Data], new CliSurroundings { OutputStream = new FaultyOutput(new IOException("fault", error)) });

        Assert.Equal((code, said), (run.Code, run.Error));
    }

    [Fact]
    public async Task Restore_of_what_is_no_backup_is_22_and_makes_nothing()
    {
        Directory.CreateDirectory(_folder.File("empty"));

        CliRun run = await CliRun.RunAsync("restore", "--data", Data, _folder.File("empty"));

        Assert.Equal(ServerExitCode.DataUnreadable, run.Code);
        Assert.Contains(_folder.File("empty"), run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Import_of_nothing_at_all_makes_nothing()
    {
        CliRun run = await CliRun.RunAsync("store", "import", "--data", Data);

        Assert.Equal((ExitCode.ProblemsFound, "starling: -: there is nothing to import. Nothing was made.\n"), (run.Code, run.Error));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Backup_of_no_broker_is_4_and_one_line()
    {
        CliRun run = await CliRun.RunAsync("backup", "--data", Data, _folder.File("backup"));

        Assert.Equal(ExitCode.CannotConnect, run.Code);
        Assert.StartsWith($"starling: No broker runs on {Data}: nothing answers at", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    private static CliSurroundings Interrupted() => new() { Interrupted = new CancellationToken(canceled: true) };

    private async Task MakeAsync() => await StarlingBroker.Start(new StarlingOptions
    {
        Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
        DataDirectory = Data,
        SegmentBytes = 1 << 20,
        Loops = 1,
        MemoryBudgetBytes = 32 << 20,
    }).StopAsync();
}
