using System.Net;
using System.Security.Cryptography;
using Starling.Hosting;

namespace Starling.Server.Tests;

/// <summary>What a data directory makes of the process: its start message, its exit code, and that nothing in a refused one is changed.</summary>
public sealed class DataDirectoryTests : IDisposable
{
    private const int MajorFormatOffset = 8;
    private const int GenerationOffset = 28;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Data => _folder.At("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_directory_is_made_for_its_owner_alone_and_named_in_the_start_message()
    {
        (int code, string output, string log) = await RunAsync(Data);

        Assert.Equal(ServerExitCode.Stopped, code);
        Assert.Contains($"  data        {Data}; durability fsync\n", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^  recovered   0 sessions, 0 queued messages, 0 retained, in \\d+ ms$", output);
        Assert.InRange(output.TrimEnd('\n').Split('\n').Length, 5, 8);
        Assert.DoesNotContain("warn", log, StringComparison.Ordinal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "rights are another thing there.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Rights.Of(Data));
    }

    [Fact]
    public async Task Directory_that_others_can_enter_is_served_with_a_warning()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "rights are another thing there.");
        Directory.CreateDirectory(Data);
        Rights.Set(Data, "755");

        (int code, _, string log) = await RunAsync(Data);

        Assert.Equal(ServerExitCode.Stopped, code);
        Assert.Contains($"Other users can enter the data directory {Data} (mode 755)", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Durability.Os, "durability os: survives a crash of the process, not of the machine")]
    [InlineData(Durability.Memory, "durability memory: nothing survives a restart, and")]
    public async Task Weaker_durability_is_said(Durability durability, string said)
    {
        (int code, string output, _) = await RunAsync(Data, durability);

        Assert.Equal(ServerExitCode.Stopped, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Equal(durability != Durability.Memory, Directory.Exists(Data));
    }

    [Fact]
    public async Task Directory_in_use_is_21_and_one_line()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using SignalWriter output = new();
        using StringWriter log = new();
        Task<int> first = ServerProcess.RunAsync(Run(Data, Durability.Fsync, output, log), stop.Token);
        await output.Ready.WaitAsync(TimeSpan.FromSeconds(60), Cancelled);

        (int code, string said) = await RefusedAsync(Data);
        await stop.CancelAsync();

        Assert.Equal(ServerExitCode.Stopped, await first);
        Assert.Equal(ServerExitCode.DataLocked, code);
        Assert.Contains(Data, said, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Directory_that_cannot_be_made_is_22_and_one_line()
    {
        await File.WriteAllTextAsync(_folder.At("file"), "x", Cancelled);

        (int code, string said) = await RefusedAsync(_folder.At("file/data"));

        Assert.Equal(ServerExitCode.DataUnreadable, code);
        Assert.Contains(_folder.At("file/data"), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_in_place_of_the_directory_is_22_and_one_line()
    {
        await File.WriteAllTextAsync(Data, "x", Cancelled);

        (int code, string said) = await RefusedAsync(Data);

        Assert.Equal(ServerExitCode.DataUnreadable, code);
        Assert.Contains(Data, said, StringComparison.Ordinal);
        Assert.Equal("x", await File.ReadAllTextAsync(Data, Cancelled));
    }

    [Theory]
    [InlineData(MajorFormatOffset, ServerExitCode.DataNewer, "newer")]
    [InlineData(GenerationOffset, ServerExitCode.DataCorrupt, "starling store repair")]
    public async Task Manifest_that_cannot_be_used_is_a_code_of_its_own_and_one_line(int offset, int expected, string named)
    {
        Assert.Equal(ServerExitCode.Stopped, (await RunAsync(Data)).Code);
        byte[] manifest = await File.ReadAllBytesAsync(Path.Join(Data, "MANIFEST"), Cancelled);
        manifest[offset] += 7;
        await File.WriteAllBytesAsync(Path.Join(Data, "MANIFEST"), manifest, Cancelled);
        Dictionary<string, string> before = Contents();

        (int code, string said) = await RefusedAsync(Data);

        Assert.Equal(expected, code);
        Assert.Contains(Data, said, StringComparison.Ordinal);
        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    private static ServerRun Run(string data, Durability durability, TextWriter output, TextWriter log) => new()
    {
        Options = new StarlingOptions
        {
            Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
            DataDirectory = data,
            Durability = durability,
            SegmentBytes = 1 << 20,
            Loops = 1,
            MemoryBudgetBytes = 32 << 20,
        },
        Output = output,
        Log = log,
    };

    private static async Task<(int Code, string Output, string Log)> RunAsync(string data, Durability durability = Durability.Fsync)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter log = new() { NewLine = "\n" };
        int code = await ServerProcess.RunAsync(Run(data, durability, output, log), new CancellationToken(canceled: true));
        return (code, output.ToString(), log.ToString());
    }

    private static async Task<(int Code, string Said)> RefusedAsync(string data)
    {
        (int code, string output, string log) = await RunAsync(data);
        Assert.Empty(output);
        Assert.StartsWith("starling: ", log, StringComparison.Ordinal);
        return (code, Assert.Single(log.TrimEnd('\n').Split('\n')));
    }

    // The lock file names the process that was the last to try.
    private Dictionary<string, string> Contents() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "LOCK")
        .ToDictionary(file => file, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    private sealed class SignalWriter : StringWriter
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ready => _ready.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value == "ready")
            {
                _ready.TrySetResult();
            }
        }
    }
}
