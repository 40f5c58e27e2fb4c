using System.Text;
using Microsoft.Extensions.Time.Testing;
using Starling.Cli.Recordings;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Tests.Commands;

public sealed class RecordTests(BrokerFixture broker) : IClassFixture<BrokerFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Recording => _folder.File("traffic.rec");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Messages_are_recorded_with_all_that_they_have()
    {
        await PublishRetainedAsync("all/0", "zero", "0");
        await PublishRetainedAsync("all/1", "one", "1", "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "name", "value");
        await PublishRetainedAsync("all/2", "two", "2", "-D", "publish", "response-topic", "answers", "-D", "publish", "correlation-data", "7");

        CliRun run = await CliRun.RunAsync(["record", .. broker.Address, "-t", "all/#", "-C", "3", "--progress", "none", Recording]);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Output));
        Assert.Matches($@"^starling: 3 messages in \d+\.\d s are in {Recording}\.\n$", run.Error);
        Dictionary<string, MqttMessage> messages = Read().ToDictionary(static message => message.Message.Topic, static message => message.Message);
        Assert.Equal(["all/0", "all/1", "all/2"], messages.Keys.Order());
        Assert.Equal(("zero", QualityOfService.AtMostOnce, true), Shown(messages["all/0"]));
        Assert.Equal(("one", QualityOfService.AtLeastOnce, true), Shown(messages["all/1"]));
        Assert.Equal(("two", QualityOfService.ExactlyOnce, true), Shown(messages["all/2"]));
        Assert.Equal(("text/plain", "value"), (messages["all/1"].ContentType, messages["all/1"].UserProperties["name"]));
        Assert.Equal(("answers", "7"), (messages["all/2"].ResponseTopic, Encoding.UTF8.GetString(messages["all/2"].CorrelationData.Span)));

        static (string, QualityOfService, bool) Shown(MqttMessage message) => (Encoding.UTF8.GetString(message.Payload.Span), message.Qos, message.Retain);
    }

    [Fact]
    public async Task Times_are_those_of_the_clock_and_what_is_written_is_there_a_quarter_of_a_second_later()
    {
        FakeTimeProvider time = new();
        await PublishRetainedAsync("times/a", "x", "1");
        Task<CliRun> running = CliRun.RunAsync(
            ["record", .. broker.Address, "-t", "times/#", "-C", "2", "--progress", "none", Recording], new CliSurroundings { TimeProvider = time });
        await UntilWrittenAsync(() => time.Advance(TimeSpan.FromMilliseconds(250)));

        Assert.Single(Read());
        time.Advance(TimeSpan.FromSeconds(10));
        await PublishRetainedAsync("times/b", "x", "1");
        Assert.Equal(ExitCode.Ok, (await running).Code);

        RecordedMessage[] messages = Read();
        Assert.Equal(["times/a", "times/b"], messages.Select(static message => message.Message.Topic));
        Assert.InRange(messages[1].Time - messages[0].Time, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
        Assert.Equal(0, (messages[1].Time - messages[0].Time).Ticks % TimeSpan.FromMilliseconds(250).Ticks);
    }

    [Fact]
    public async Task Duration_ends_it_in_order()
    {
        FakeTimeProvider time = new();
        Task<CliRun> running = CliRun.RunAsync(
            ["record", .. broker.Address, "-t", "silence/#", "--duration", "10m", "--progress", "plain", Recording], new CliSurroundings { TimeProvider = time });
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        CliRun run = await running;

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Matches(@"(?m)^record: \d+ s, 0 messages, 32 B$", run.Error);
        Assert.EndsWith($" s are in {Recording}.\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(Read());
    }

    [Fact]
    public async Task Interruption_ends_it_in_order()
    {
        using CancellationTokenSource interruption = new();
        await PublishRetainedAsync("interrupted", "x", "1");
        Task<CliRun> running = CliRun.RunAsync(
            ["record", .. broker.Address, "-t", "interrupted", "--progress", "none", Recording], new CliSurroundings { Interrupted = interruption.Token });
        await UntilWrittenAsync(static () => { });

        await interruption.CancelAsync();

        Assert.Equal(ExitCode.Ok, (await running).Code);
        Assert.Single(Read());
    }

    [Fact]
    public async Task Overlapping_filters_record_a_message_once()
    {
        FakeTimeProvider time = new();
        Task<CliRun> running = CliRun.RunAsync(
            ["record", .. broker.Address, "-V", "311", "-t", "over/#", "-t", "over/x", "--duration", "1h", "--progress", "none", Recording],
            new CliSurroundings { TimeProvider = time });
        int published = 0;
        while (!File.Exists(Recording) || new FileInfo(Recording).Length <= FileHead.Size)
        {
            await CliRun.RunAsync(["pub", .. broker.Address, "-t", "over/x", "-m", $"{published++}", "-q", "1"]);
            time.Advance(TimeSpan.FromMilliseconds(250));
        }

        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ExitCode.Ok, (await running).Code);

        string[] payloads = [.. Read().Select(static message => Encoding.UTF8.GetString(message.Message.Payload.Span))];
        Assert.Equal(payloads.Distinct(), payloads);
    }

    [Fact]
    public async Task Anonymised_recording_has_nothing_of_what_was_sent()
    {
        await PublishRetainedAsync("secret-site/berlin", "secret payload", "1", "-D", "publish", "user-property", "secret-name", "secret-value");

        await CliRun.RunAsync(["record", .. broker.Address, "-t", "secret-site/#", "-C", "1", "--anonymise", "--progress", "none", Recording]);

        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Recording, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        RecordedMessage message = Assert.Single(Read(isAnonymised: true));
        Assert.Equal(("secret payload".Length, "secret-site/berlin".Length, 11), (message.Message.Payload.Length, message.Message.Topic.Length, message.Message.Topic.IndexOf('/', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task File_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        await PublishRetainedAsync("mode", "x", "1");

        await CliRun.RunAsync(["record", .. broker.Address, "-t", "mode", "-C", "1", Recording]);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Recording));
    }

    [Fact]
    public async Task Refused_subscription_leaves_no_file()
    {
        await using ScriptedServer server = new([0x20, 3, 0, 0, 0], [0x90, 4, 0, 1, 0, 0x87], []);

        CliRun run = await CliRun.RunAsync(["record", "-V", "5", "-t", "a", Recording, .. server.Address]);

        Assert.Equal(ExitCode.NotAuthorized, run.Code);
        Assert.Contains("the subscription to a: 0x87", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Recording));
    }

    [Fact]
    public async Task Nobody_there_leaves_no_file()
    {
        CliRun run = await CliRun.RunAsync("record", "-h", "127.0.0.1", "-p", "1", "-t", "a", Recording);

        Assert.Equal(ExitCode.CannotConnect, run.Code);
        Assert.False(File.Exists(Recording));
    }

    [Fact]
    public async Task File_that_is_there_stays_as_it_is()
    {
        await File.WriteAllTextAsync(Recording, "mine", TestContext.Current.CancellationToken);

        CliRun run = await CliRun.RunAsync(["record", .. broker.Address, "-t", "a", Recording]);

        Assert.Equal(
            (ExitCode.Usage, $"starling: {Recording} is there already, and no recording takes the place of another one: remove it, or choose another name.\n"),
            (run.Code, run.Error));
        Assert.Equal("mine", await File.ReadAllTextAsync(Recording, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("record x.rec", "record needs a topic: -t FILTER.")]
    [InlineData("record -t a", "record needs a file to write.")]
    [InlineData("record -t a# x.rec", "-t a# is not a Topic Filter")]
    [InlineData("record -t a -q 3 x.rec", "-q 3 is not allowed")]
    [InlineData("record -t a -C 0 x.rec", "-C 0 is not allowed")]
    [InlineData("record -t a --duration 0 x.rec", "--duration 0 is not allowed")]
    [InlineData("record -t a x.rec y.rec", "record takes one word, so there is no place for y.rec")]
    [InlineData("record -t a --anonymize x.rec", "did you mean --anonymise?")]
    [InlineData("record -t a /no/such/folder/x.rec", "/no/such/folder/x.rec cannot be made")]
    public async Task Wrong_usage_is_3_and_one_line(string commandLine, string said)
    {
        CliRun run = await CliRun.RunAsync(commandLine.Split(' '));

        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    private async Task UntilWrittenAsync(Action step)
    {
        while (!File.Exists(Recording) || new FileInfo(Recording).Length <= FileHead.Size)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            step();
            await Task.Yield();
        }
    }

    private async Task PublishRetainedAsync(string topic, string payload, string qos, params string[] more)
    {
        CliRun run = await CliRun.RunAsync(["pub", .. broker.Address, "-r", "-t", topic, "-m", payload, "-q", qos, .. more]);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
    }

    private RecordedMessage[] Read(bool isAnonymised = false)
    {
        using FileStream file = new(Recording, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        RecordingReader reader = new(file, Recording);
        Assert.Equal(isAnonymised, reader.Head.IsAnonymised);
        List<RecordedMessage> messages = [];
        while (reader.Next() is RecordedMessage message)
        {
            messages.Add(message);
        }

        return [.. messages];
    }
}
