using System.Globalization;
using System.Text;
using Starling.Cli.Recordings;
using Starling.Cli.Tests.Recordings;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Tests.Commands;

public sealed class ReplayTests(BrokerFixture broker) : IClassFixture<BrokerFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JumpingTime _time = new();

    private string Recording => _folder.File("traffic.rec");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hours_of_traffic_are_replayed_in_order_at_their_times()
    {
        await WriteAsync("hours", count: 50, TimeSpan.FromHours(1));
        string[] session = await SubscribeAsync("hours");

        CliRun run = await ReplayAsync("--progress", "none");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal($"starling: 50 messages in {49 * 3600}.0 s, at most 0.0 ms late.\n", run.Error);
        Assert.Equal(Lines(0, 50), (await ReceiveAsync(session, 50)).Output);
    }

    [Fact]
    public async Task Speed_scales_and_the_range_is_kept()
    {
        await WriteAsync("range", count: 50, TimeSpan.FromSeconds(1));
        string[] session = await SubscribeAsync("range");

        CliRun run = await ReplayAsync("--speed", "2", "--from", "10s", "--to", "19s", "--progress", "none");

        Assert.Equal((ExitCode.Ok, "starling: 10 messages in 4.5 s, at most 0.0 ms late.\n"), (run.Code, run.Error));
        Assert.Equal(Lines(10, 10), (await ReceiveAsync(session, 10)).Output);
    }

    [Fact]
    public async Task As_fast_as_it_goes_takes_no_time()
    {
        await WriteAsync("fast", count: 500, TimeSpan.FromHours(1));
        string[] session = await SubscribeAsync("fast");

        CliRun run = await ReplayAsync("--speed", "max", "-M", "10", "--progress", "none");

        Assert.Equal((ExitCode.Ok, "starling: 500 messages in 0.0 s.\n"), (run.Code, run.Error));
        Assert.Equal(Lines(0, 500), (await ReceiveAsync(session, 500)).Output);
    }

    [Fact]
    public async Task Topics_are_mapped_and_messages_keep_what_they_have()
    {
        await WriteAsync([new RecordedMessage(TimeSpan.Zero, new MqttMessage
        {
            Topic = "old/site/7", Qos = QualityOfService.ExactlyOnce, Retain = true, Payload = "x"u8.ToArray(), ContentType = "text/plain",
            UserProperties = UserProperties.Create([new UserProperty("a", "b")]),
        })]);
        string again = _folder.File("again.rec");

        CliRun run = await ReplayAsync("--map", "other/=x/", "--map", "old/=new/", "--map", "new/=twice/");
        await CliRun.RunAsync(["record", .. broker.Address, "-t", "new/#", "-C", "1", again]);

        Assert.Equal(ExitCode.Ok, run.Code);
        MqttMessage message = Assert.Single(Read(again)).Message;
        Assert.Equal(("new/site/7", QualityOfService.ExactlyOnce, true, "text/plain", "b"), (message.Topic, message.Qos, message.Retain, message.ContentType, message.UserProperties["a"]));
    }

    [Theory]
    [InlineData("--no-retain", false)]
    [InlineData("--retain", true)]
    public async Task RETAIN_and_QoS_can_be_others(string flag, bool isRetained)
    {
        string topic = $"other{flag}";
        await WriteAsync([new RecordedMessage(TimeSpan.Zero, new MqttMessage { Topic = topic, Qos = QualityOfService.ExactlyOnce, Retain = !isRetained, Payload = "x"u8.ToArray() })]);
        string[] session = await SubscribeAsync(topic);

        Assert.Equal(ExitCode.Ok, (await ReplayAsync(flag, "-q", "1")).Code);

        Assert.Equal("x\n", (await ReceiveAsync(session, 1)).Output);
        CliRun retained = await CliRun.RunAsync(["sub", .. broker.Address, "-t", topic, "-C", "1", "-W", "1"]);
        Assert.Equal(isRetained ? ExitCode.Ok : ExitCode.TimedOut, retained.Code);
    }

    [Fact]
    public async Task Properties_are_left_out_where_the_version_has_none()
    {
        await WriteAsync([new RecordedMessage(TimeSpan.Zero, new MqttMessage { Topic = "old-version", Qos = QualityOfService.ExactlyOnce, Payload = "x"u8.ToArray(), ContentType = "a", Expiry = TimeSpan.FromSeconds(9) })]);
        string[] session = await SubscribeAsync("old-version");

        CliRun run = await ReplayAsync("-V", "311");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("x\n", (await ReceiveAsync(session, 1)).Output);
    }

    [Fact]
    public async Task Progress_is_a_line_each_second_without_a_terminal()
    {
        await WriteAsync("progress", count: 50, TimeSpan.FromSeconds(1));

        CliRun run = await ReplayAsync();

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Matches(@"(?m)^replay: at \d+(\.\d+)?s of 50s, \d+ messages, \d+/s, \d+ ms late$", run.Error);
    }

    [Fact]
    public async Task Quiet_replay_says_nothing()
    {
        await WriteAsync("quiet", count: 5, TimeSpan.FromSeconds(1));

        CliRun run = await ReplayAsync("--quiet");

        Assert.Equal((ExitCode.Ok, "", ""), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task Loop_begins_again_until_it_is_interrupted()
    {
        await WriteAsync("loop", count: 3, TimeSpan.FromSeconds(1));
        string[] session = await SubscribeAsync("loop");
        using CancellationTokenSource interruption = new();
        Task<CliRun> running = CliRun.RunAsync(
            ["replay", .. broker.Address, "--loop", "--progress", "none", Recording],
            new CliSurroundings { TimeProvider = _time, Interrupted = interruption.Token });

        CliRun received = await ReceiveAsync(session, 7);
        await interruption.CancelAsync();
        CliRun run = await running;

        Assert.Equal("0\n1\n2\n0\n1\n2\n0\n", received.Output);
        Assert.Equal(ExitCode.Interrupted, run.Code);
        Assert.Matches(@"(?m)^starling: \d+ messages were published\. To go on: --from [012]s$", run.Error);
    }

    [Fact]
    public async Task Recording_without_messages_is_told_from_a_range_without_any()
    {
        await WriteAsync("none", count: 0, TimeSpan.FromSeconds(1));
        CliRun empty = await ReplayAsync();
        byte[] whole = await File.ReadAllBytesAsync(Recording, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Recording, whole[..32], TestContext.Current.CancellationToken);
        CliRun cut = await ReplayAsync();

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (empty.Code, cut.Code));
        Assert.Contains("holds no message.", empty.Error, StringComparison.Ordinal);
        Assert.Contains(" before its first message.", cut.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_file_is_replayed_up_to_the_damage_and_is_2()
    {
        await WriteAsync("damaged", count: 3, TimeSpan.FromSeconds(1));
        byte[] bytes = await File.ReadAllBytesAsync(Recording, TestContext.Current.CancellationToken);
        long second = RecordingGen.Write(Messages("damaged", 1, TimeSpan.FromSeconds(1)), isComplete: false).Length;
        bytes[second + FrameHead.Size + 5] ^= 64;
        await File.WriteAllBytesAsync(Recording, bytes, TestContext.Current.CancellationToken);
        string[] session = await SubscribeAsync("damaged");

        CliRun run = await ReplayAsync("--progress", "none");

        Assert.Equal(ExitCode.ProblemsFound, run.Code);
        Assert.Contains($"{Recording} is damaged at offset {second}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("starling: 1 messages in ", run.Error, StringComparison.Ordinal);
        Assert.Equal("0\n", (await ReceiveAsync(session, 1)).Output);
    }

    [Fact]
    public async Task File_without_its_end_is_replayed_and_it_is_said()
    {
        byte[] bytes = RecordingGen.Write(Messages("cut", 3, TimeSpan.FromSeconds(1)), isComplete: false);
        await File.WriteAllBytesAsync(Recording, bytes[..^3], TestContext.Current.CancellationToken);
        string[] session = await SubscribeAsync("cut");

        CliRun run = await ReplayAsync("--progress", "none");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Matches($@"^starling: {Recording} has no end: it was cut off at offset \d+, and all before it was read\.\nstarling: 2 messages", run.Error);
        Assert.Equal("0\n1\n", (await ReceiveAsync(session, 2)).Output);
    }

    [Fact]
    public async Task Lost_connection_is_7_and_says_where_to_go_on()
    {
        await WriteAsync("lost", count: 5, TimeSpan.FromSeconds(1));
        int publishes = 0;
        await using RawServer server = new(first => (first >> 4) switch
        {
            1 => [0x20, 3, 0, 0, 0],
            3 => Interlocked.Increment(ref publishes) switch { 1 => [0x40, 2, 0, 1], 2 => [], _ => null },
            _ => [],
        });

        CliRun run = await CliRun.RunAsync(
            ["replay", "-V", "5", "-L", server.Url, "-M", "2", "--progress", "none", Recording], new CliSurroundings { TimeProvider = _time });

        Assert.Equal(ExitCode.ConnectionLost, run.Code);
        Assert.Contains("messages were published. To go on: --from 1s\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_messages_are_counted_and_the_first_is_named()
    {
        await WriteAsync("refused", count: 3, TimeSpan.FromSeconds(1));
        byte identifier = 0;
        await using RawServer server = new(first => (first >> 4) switch
        {
            1 => [0x20, 3, 0, 0, 0],
            3 => [0x40, 3, 0, ++identifier, 0x87],
            14 => null,
            _ => [],
        });

        CliRun run = await CliRun.RunAsync(
            ["replay", "-V", "5", "-L", server.Url, "-M", "1", "--progress", "none", Recording], new CliSurroundings { TimeProvider = _time });

        Assert.Equal(ExitCode.NotAuthorized, run.Code);
        Assert.StartsWith(
            "starling: The server refused the message at 0s: 0x87 NotAuthorized.\nstarling: 3 messages were refused.\nstarling: 3 messages in 2.0 s", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "replay needs a recording")]
    [InlineData("/no/such/file", "/no/such/file cannot be read")]
    [InlineData("/dev/null", "/dev/null is no recording of starling")]
    [InlineData("x --speed 0", "--speed 0 is not allowed")]
    [InlineData("x --speed fast", "--speed fast is not allowed: a number above 0")]
    [InlineData("x --from 2s --to 1s", "--to must be after --from")]
    [InlineData("x --map a", "--map a is not OLD=NEW")]
    [InlineData("x --map a=+/", "topics have no + and #")]
    [InlineData("x -r --no-retain", "only one of --retain and --no-retain")]
    [InlineData("x -q 3", "-q 3 is not allowed")]
    [InlineData("x --progress fast", "--progress fast is not allowed")]
    public async Task Wrong_usage_is_3_and_one_line(string flags, string said)
    {
        CliRun run = await CliRun.RunAsync(["replay", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Range_without_messages_is_refused_before_anybody_is_connected_to()
    {
        await WriteAsync("empty", count: 3, TimeSpan.FromSeconds(1));

        CliRun run = await CliRun.RunAsync("replay", "-p", "1", "--from", "1h", Recording);

        Assert.Equal((ExitCode.Usage, $"starling: {Recording} has no message in this range. Look at --from and --to.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Map_to_no_topic_is_said()
    {
        await WriteAsync("all/", count: 1, TimeSpan.Zero);

        CliRun run = await ReplayAsync("--map", "all/=");

        Assert.Equal(ExitCode.ProblemsFound, run.Code);
        Assert.Contains("the message at 0s would go to the topic '', which is none. Look at --map.\n", run.Error, StringComparison.Ordinal);
    }

    private static string Lines(int first, int count) =>
        string.Concat(Enumerable.Range(first, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"{i}\n")));

    private static IEnumerable<RecordedMessage> Messages(string topic, int count, TimeSpan step) => Enumerable.Range(0, count).Select(i =>
        new RecordedMessage(i * step, new MqttMessage { Topic = topic, Qos = QualityOfService.AtLeastOnce, Payload = Encoding.UTF8.GetBytes($"{i}") }));

    private Task WriteAsync(string topic, int count, TimeSpan step) => WriteAsync(Messages(topic, count, step));

    private Task WriteAsync(IEnumerable<RecordedMessage> messages) =>
        File.WriteAllBytesAsync(Recording, RecordingGen.Write(messages), TestContext.Current.CancellationToken);

    private Task<CliRun> ReplayAsync(params string[] flags) =>
        CliRun.RunAsync(["replay", .. broker.Address, .. flags, Recording], new CliSurroundings { TimeProvider = _time });

    // A session that keeps what is published to it.
    private async Task<string[]> SubscribeAsync(string topic)
    {
        string[] session = [.. broker.Address, "-i", topic, "-c", "-q", "2", "-t", topic];
        Assert.Equal(ExitCode.Ok, (await CliRun.RunAsync(["sub", .. session, "-E"])).Code);
        return session;
    }

    private static Task<CliRun> ReceiveAsync(string[] session, int count) =>
        CliRun.RunAsync(["sub", .. session, "-C", count.ToString(CultureInfo.InvariantCulture), "-W", "60"]);

    private static List<RecordedMessage> Read(string path) => RecordingGen.Read(File.ReadAllBytes(path)).Messages;
}
