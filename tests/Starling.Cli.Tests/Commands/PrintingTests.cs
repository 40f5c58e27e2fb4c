using System.Text;
using System.Text.Json;

namespace Starling.Cli.Tests.Commands;

/// <summary>What sub prints beside payloads, and in which forms pub takes them.</summary>
public sealed class PrintingTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Json_line_has_the_keys_of_mosquitto()
    {
        await PublishAsync("json/all", "pub", "-m", "text", "-D", "publish", "content-type", "text/plain", "-D", "publish", "user-property", "k", "v");

        CliRun run = await SubAsync("json/all", "--json", "-q", "1");

        JsonElement line = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(
            ["tst", "topic", "qos", "retain", "payloadlen", "mid", "properties", "payload"],
            line.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(("json/all", 1, 1, 4, "text"), (
            line.GetProperty("topic").GetString(), line.GetProperty("qos").GetInt32(), line.GetProperty("retain").GetInt32(),
            line.GetProperty("payloadlen").GetInt32(), line.GetProperty("payload").GetString()));
        Assert.InRange(line.GetProperty("mid").GetInt32(), 1, 65535);
        Assert.Equal("text/plain", line.GetProperty("properties").GetProperty("content-type").GetString());
        Assert.Equal("v", line.GetProperty("properties").GetProperty("user-properties").GetProperty("k").GetString());
        Assert.EndsWith("}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payload_that_is_no_text_is_base64_and_says_so()
    {
        await PublishAsync("json/bytes", "pub", "-m", "00ff10", "--format", "hex");

        JsonElement line = JsonDocument.Parse((await SubAsync("json/bytes", "--json")).Output).RootElement;

        Assert.Equal(("base64", "AP8Q"), (line.GetProperty("encoding").GetString(), line.GetProperty("payload").GetString()));
    }

    [Fact]
    public async Task Payload_that_should_be_JSON_and_is_not_is_text_with_a_line_on_the_standard_error()
    {
        await PublishAsync("json/bad", "pub", "-m", "{not");

        CliRun run = await SubAsync("json/bad", "-F", "%J");

        Assert.Equal("{not", JsonDocument.Parse(run.Output).RootElement.GetProperty("payload").GetString());
        Assert.Contains("not valid JSON on topic json/bad", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payload_that_is_JSON_stands_as_JSON()
    {
        await PublishAsync("json/good", "pub", "-m", "{\"a\":[1,true]}");

        CliRun run = await SubAsync("json/good", "-F", "%J");

        Assert.Contains("\"payload\":{\"a\":[1,true]}", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("hex", "48 65 6c6C6f", "Hello")]
    [InlineData("base64", "SGVsbG8=", "Hello")]
    [InlineData("text", "48", "48")]
    public async Task Payload_is_published_in_the_form_that_is_named(string form, string given, string payload)
    {
        await PublishAsync($"form/{form}", "pub", "-m", given, "--format", form);

        Assert.Equal($"{payload}\n", (await SubAsync($"form/{form}")).Output);
    }

    [Fact]
    public async Task Payload_in_another_form_is_refused()
    {
        CliRun run = await CliRun.RunAsync(["pub", .. broker.Address, "-t", "form/bad", "-m", "xyz", "--format", "hex"]);

        Assert.Equal((3, "starling: --format: a payload is not hexadecimal, as in 48656c6c6f.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Retained_messages_that_are_printed_can_be_cleared()
    {
        await PublishAsync("clear/a", "pub", "-m", "old");

        CliRun first = await SubAsync("clear/#", "--remove-retained", "-v");
        CliRun second = await CliRun.RunAsync(["sub", .. broker.Address, "-t", "clear/#", "-W", "1"]);

        Assert.Equal("clear/a old\n", first.Output);
        Assert.Equal((27, ""), (second.Code, second.Output));
    }

    [Fact]
    public async Task Stats_count_by_topic_instead_of_printing()
    {
        await PublishAsync("stats/a", "pub", "-m", "12345");
        await PublishAsync("stats/b", "pub", "-m", "1");

        CliRun run = await CliRun.RunAsync(["sub", .. broker.Address, "-t", "stats/#", "--stats", "-C", "2", "-W", "30"]);

        Assert.Equal(0, run.Code);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("msg/s\tbytes/s\ttotal\ttopic", lines[0]);
        Assert.Equal(["1\tstats/a", "1\tstats/b"], lines[1..].Select(static line => line[(line.IndexOf('\t', line.IndexOf('\t', StringComparison.Ordinal) + 1) + 1)..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rate_spreads_messages_over_time()
    {
        long begun = TimeProvider.System.GetTimestamp();

        CliRun run = await CliRun.RunAsync(["pub", .. broker.Address, "-t", "rate", "-m", "x", "--repeat", "4", "--rate", "20"]);

        Assert.Equal(0, run.Code);
        Assert.True(TimeProvider.System.GetElapsedTime(begun) >= TimeSpan.FromMilliseconds(145), "Four messages at 20 a second take three pauses of 50 ms.");
    }

    [Fact]
    public async Task Password_is_asked_for_when_it_is_a_dash()
    {
        CliRun run = await CliRun.RunAsync(
            ["pub", .. broker.Address, "-u", "me", "-P", "-", "-t", "asked", "-m", "x"], new CliSurroundings { Input = Encoding.UTF8.GetBytes("secret\n") });

        Assert.Equal((0, "Password: \n"), (run.Code, run.Error));
    }

    private async Task PublishAsync(string topic, string command, params string[] flags) =>
        Assert.Equal(0, (await CliRun.RunAsync([command, .. broker.Address, "-t", topic, "-r", "-q", "1", .. flags.Where(static flag => flag.Length > 0)])).Code);

    private Task<CliRun> SubAsync(string topic, params string[] flags) =>
        CliRun.RunAsync(["sub", .. broker.Address, "-t", topic, "-C", "1", "-W", "30", .. flags]);
}
