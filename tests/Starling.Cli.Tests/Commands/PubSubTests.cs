using System.Text;

namespace Starling.Cli.Tests.Commands;

public sealed class PubSubTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData("5", "1")]
    [InlineData("5", "2")]
    [InlineData("311", "1")]
    [InlineData("311", "2")]
    [InlineData("31", "1")]
    [InlineData("31", "2")]
    public async Task Lines_arrive_in_order_in_a_kept_session(string version, string qos)
    {
        string topic = $"lines/{version}/{qos}";
        string[] session = [.. broker.Address, "-V", version, "-i", topic, "-c", "-q", "2", "-t", topic];
        CliRun subscribed = await CliRun.RunAsync(["sub", .. session, "-E"]);
        string lines = string.Concat(Enumerable.Range(0, 200).Select(static i => $"line {i}\n"));

        CliRun published = await CliRun.RunAsync(
            ["pub", .. broker.Address, "-V", version, "-t", topic, "-q", qos, "-l"], new CliSurroundings { Input = Encoding.UTF8.GetBytes(lines) });
        CliRun received = await CliRun.RunAsync(["sub", .. session, "-C", "200", "-W", "30"]);

        Assert.Equal((0, 0, 0), (subscribed.Code, published.Code, received.Code));
        Assert.Equal(lines, received.Output);
        Assert.Empty(published.Error);
    }

    [Fact]
    public async Task Running_sub_prints_what_is_published_and_ends_after_the_count()
    {
        Task<CliRun> subscriber = CliRun.RunAsync(["sub", .. broker.Address, "-t", "live/#", "-v", "-C", "1", "-W", "30"]);
        while (!subscriber.IsCompleted)
        {
            Assert.Equal(0, (await CliRun.RunAsync(["pub", .. broker.Address, "-t", "live/x", "-m", "hello", "-q", "1"])).Code);
        }

        CliRun run = await subscriber;
        Assert.Equal((0, "live/x hello\n"), (run.Code, run.Output));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("311")]
    public async Task Message_that_several_filters_match_is_printed_once(string version)
    {
        string[] session = [.. broker.Address, "-V", version, "-i", $"overlap-{version}", "-c", "-q", "1", "-t", "overlap/#", "-t", "overlap/x"];
        await CliRun.RunAsync(["sub", .. session, "-E"]);

        await CliRun.RunAsync(["pub", .. broker.Address, "-t", "overlap/x", "-q", "1", "-l"], new CliSurroundings { Input = "1\n2\n"u8.ToArray() });
        CliRun run = await CliRun.RunAsync(["sub", .. session, "-C", "2", "-W", "30"]);

        Assert.Equal((0, "1\n2\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task Time_that_is_over_is_27()
    {
        CliRun run = await CliRun.RunAsync(["sub", .. broker.Address, "-t", "silence", "-W", "1"]);

        Assert.Equal(ExitCode.TimedOut, run.Code);
        Assert.Equal("starling: Timed out after 1 s.\n", run.Error);
    }

    [Fact]
    public async Task Interrupted_sub_is_0()
    {
        using CancellationTokenSource interrupt = new(TimeSpan.FromMilliseconds(200));

        CliRun run = await CliRun.RunAsync(["sub", .. broker.Address, "-t", "silence"], new CliSurroundings { Interrupted = interrupt.Token });

        Assert.Equal((ExitCode.Ok, "", ""), (run.Code, run.Output, run.Error));
    }

    [Theory]
    [InlineData("-l")]
    [InlineData("-s")]
    public async Task Pub_that_waits_for_input_can_be_interrupted(string source)
    {
        using CancellationTokenSource interrupt = new(TimeSpan.FromMilliseconds(200));

        CliRun run = await CliRun.RunAsync(
            ["pub", .. broker.Address, "-t", "a", source],
            new CliSurroundings { InputStream = new SilentInput(), Interrupted = interrupt.Token });

        Assert.Equal(ExitCode.Interrupted, run.Code);
    }

    [Fact]
    public async Task Interrupted_pub_is_130()
    {
        CliRun run = await CliRun.RunAsync(
            ["pub", .. broker.Address, "-t", "a", "-m", "x", "--repeat", "2", "--repeat-delay", "3600"],
            new CliSurroundings { Interrupted = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)).Token });

        Assert.Equal(ExitCode.Interrupted, run.Code);
    }

    [Fact]
    public async Task Left_out_and_retained_messages_are_not_printed()
    {
        await CliRun.RunAsync(["pub", .. broker.Address, "-t", "kept/a", "-m", "1", "-r", "-q", "1"]);
        await CliRun.RunAsync(["pub", .. broker.Address, "-t", "kept/b", "-m", "2", "-r", "-q", "1"]);

        CliRun without = await CliRun.RunAsync(["sub", .. broker.Address, "-t", "kept/#", "-T", "kept/a", "-W", "1"]);
        CliRun fresh = await CliRun.RunAsync(["sub", .. broker.Address, "-t", "kept/#", "-R", "-W", "1"]);

        Assert.Equal(("2\n", ""), (without.Output, fresh.Output));
    }

    [Fact]
    public async Task Debug_flag_tells_of_the_connection_on_the_standard_error()
    {
        CliRun run = await CliRun.RunAsync(["pub", .. broker.Address, "-t", "a", "-m", "x", "-q", "1", "-d"]);

        Assert.Contains("Connected to mqtt://127.0.0.1", run.Error, StringComparison.Ordinal);
        Assert.Contains("Published to a (QoS 1): Acknowledged", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task File_that_is_not_there_is_3()
    {
        CliRun run = await CliRun.RunAsync(["pub", .. broker.Address, "-t", "a", "-f", "/no/such/file"]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("/no/such/file cannot be read", run.Error, StringComparison.Ordinal);
    }
}
