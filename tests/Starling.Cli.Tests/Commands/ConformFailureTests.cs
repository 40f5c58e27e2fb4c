using System.Net;
using System.Text;
using System.Text.Json;
using Starling.Hosting;

namespace Starling.Cli.Tests.Commands;

/// <summary>What a broker under test may do instead of being tested.</summary>
public sealed class ConformFailureTests
{
    private const int BrokenPipe = 32;
    private const int NoSpace = 28;

    // A PINGREQ with a body is malformed: the server has to close the connection.
    private const string Statement = "U5-04";
    private const byte[]? RightAnswer = null;

    private static readonly byte[] WrongAnswer = [0xD0, 0];

    public static TheoryData<string, byte[]?, int, string> Strangers => new()
    {
        { "another protocol", Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\nX-Padding: to be longer than a packet\r\n\r\n"), ExitCode.CannotConnect, "no MQTT server" },
        { "a TLS alert", [0x15, 3, 3, 0, 2, 2, 0x32], ExitCode.CannotConnect, "a TLS alert" },
        { "nonsense", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], ExitCode.CannotConnect, "does not answer CONNECT" },
        { "a close", null, ExitCode.CannotConnect, "closes the connection on a CONNECT of MQTT 5.0. Is it an MQTT port" },
        { "a refusal", [0x20, 3, 0, 0x87, 0], ExitCode.ConnectionRefused, "CONNACK 0x87 NotAuthorized; give -u and -P" },
        { "another version", [0x20, 3, 0, 0x84, 0], ExitCode.ConnectionRefused, "speaks none of the versions" },
    };

    [Theory, MemberData(nameof(Strangers))]
    public async Task Server_that_cannot_be_tested_is_told_as_that(string what, byte[]? answer, int code, string said)
    {
        Assert.NotEmpty(what);
        await using RawServer server = new(_ => answer);

        CliRun run = await CliRun.RunAsync("conform", "-L", server.Url, "-V", "5", "--quiet");

        Assert.Equal(code, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Broker_that_refuses_anonymous_clients_is_5()
    {
        await using StarlingBroker broker = StarlingBroker.Start(new StarlingOptions
        {
            Listeners = [new ListenerAddress(new IPEndPoint(IPAddress.Loopback, 0))],
            AllowAnonymous = AnonymousAccess.Nowhere,
            Durability = Durability.Memory,
            Loops = 1,
        });

        CliRun run = await CliRun.RunAsync("conform", "-L", $"mqtt://127.0.0.1:{broker.EndPoints[0].Port}", "--quiet");

        Assert.Equal(ExitCode.ConnectionRefused, run.Code);
        Assert.Contains("refuses the client with CONNACK 0x8", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broker_that_is_not_there_is_4_and_the_files_say_so()
    {
        using TemporaryFolder folder = new();
        string url = await UnusedUrlAsync();

        CliRun run = await CliRun.RunAsync("conform", "-L", url, "--quiet", "--json", folder.File("r.json"));

        Assert.Equal((ExitCode.CannotConnect, ""), (run.Code, run.Output));
        Assert.Contains("Is the broker running, and is the port right?", run.Error, StringComparison.Ordinal);
        Assert.Equal("unreachable", Target(folder, 0).GetProperty("abort").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Broker_that_is_lost_half_way_is_7_with_what_there_is()
    {
        using TemporaryFolder folder = new();
        RawServer? server = null;
        server = new RawServer(first =>
        {
            server?.StopListening();
            return first >> 4 == 1 ? [0x20, 3, 0, 0, 0] : null;
        });
        await using RawServer owned = server;

        CliRun run = await CliRun.RunAsync("conform", "-L", server.Url, "-V", "5", "--id", Statement, "--quiet", "--json", folder.File("r.json"));

        Assert.Equal(ExitCode.ConnectionLost, run.Code);
        Assert.Contains("While it was lost there ran \"A PINGREQ with a body is malformed\" (MQTT 5.0)", run.Error, StringComparison.Ordinal);
        Assert.Contains("Not complete: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", run.Output, StringComparison.Ordinal);
        Assert.Equal("lost", Target(folder, 0).GetProperty("abort").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Broken_statement_is_2()
    {
        await using RawServer server = RawServer.Accepting(WrongAnswer);

        CliRun run = await CliRun.RunAsync("conform", "-L", server.Url, "-V", "5", "--id", Statement, "--quiet");

        Assert.Equal((ExitCode.ProblemsFound, ""), (run.Code, run.Error));
        Assert.StartsWith("FAILED      U5-04 ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 statement is broken.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparison_does_not_fail_for_what_the_other_breaks()
    {
        await using RawServer right = RawServer.Accepting(RightAnswer);
        await using RawServer wrong = RawServer.Accepting(WrongAnswer);

        CliRun run = await CliRun.RunAsync("conform", "-L", right.Url, "--compare", wrong.Url, "-V", "5", "--id", Statement, "--quiet");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.StartsWith($"[1] {right.Url}\n[2] {wrong.Url}\npassed      FAILED      U5-04 ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparison_with_a_broker_that_is_not_there_says_so_and_shows_the_rest()
    {
        using TemporaryFolder folder = new();
        await using RawServer right = RawServer.Accepting(RightAnswer);
        string missing = await UnusedUrlAsync();

        CliRun run = await CliRun.RunAsync(
            "conform", "-L", right.Url, "--compare", missing, "-V", "5", "--id", Statement, "--quiet", "--json", folder.File("r.json"));

        Assert.Equal(ExitCode.CannotConnect, run.Code);
        Assert.Contains($"{missing} cannot be reached", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("No statement is broken.\n", run.Output, StringComparison.Ordinal);
        Assert.Equal("unreachable", Target(folder, 1).GetProperty("abort").GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData(BrokenPipe, ExitCode.ProblemsFound)]
    [InlineData(NoSpace, ExitCode.Unexpected)]
    public async Task Output_that_cannot_be_written_costs_no_file(int fault, int code)
    {
        using TemporaryFolder folder = new();
        await using RawServer server = RawServer.Accepting(WrongAnswer);

        CliRun run = await CliRun.RunAsync(
            ["conform", "-L", server.Url, "-V", "5", "--id", Statement, "--quiet", "--json", folder.File("r.json")],
            new CliSurroundings { OutputStream = new FaultyOutput(new IOException("fault", fault)) });

        Assert.Equal(code, run.Code);
        Assert.True(Target(folder, 0).GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task Interruption_is_130_and_leaves_no_file()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource interruption = new();
        await using RawServer server = new(_ =>
        {
            interruption.Cancel();
            return [];
        });

        CliRun run = await CliRun.RunAsync(
            ["conform", "-L", server.Url, "--json", folder.File("r.json")], new CliSurroundings { Interrupted = interruption.Token });

        Assert.Equal((ExitCode.Interrupted, ""), (run.Code, run.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static JsonElement Target(TemporaryFolder folder, int index)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(folder.File("r.json")));
        return document.RootElement.GetProperty("targets")[index].Clone();
    }

    private static async Task<string> UnusedUrlAsync()
    {
        await using RawServer server = new(_ => null);
        return server.Url;
    }
}
