using System.Text.Json;
using System.Xml.Linq;

namespace Starling.Cli.Tests.Commands;

public sealed class ConformTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Section_is_tested_in_every_version_and_summed_up()
    {
        CliRun run = await CliRun.RunAsync(["conform", .. broker.Address, "--section", "3.12"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        string[] lines = run.Output.Split('\n');
        Assert.StartsWith("passed      MQTT-3.12.4-1 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("passed      MQTT311-3.12.4-1 ", lines[1], StringComparison.Ordinal);
        Assert.Empty(lines[2]);
        Assert.EndsWith("No statement is broken.\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("^Testing mqtt://127.0.0.1:[0-9]+: [0-9]+ cases.\n$", run.Error);
    }

    [Fact]
    public async Task Ids_and_sections_add_up()
    {
        CliRun run = await CliRun.RunAsync(["conform", .. broker.Address, "--quiet", "--id", "mqtt311-3.12.4-1", "--id", "[U5-04]", "--section", "3.12.4"]);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Matches("(?m)^MQTT 5.0 +2 ", run.Output);
        Assert.Matches("(?m)^MQTT 3.1.1 +1 ", run.Output);
    }

    [Theory]
    [InlineData(false, null, "auto", false)]
    [InlineData(true, null, "auto", true)]
    [InlineData(true, "1", "auto", false)]
    [InlineData(true, "", "auto", true)]
    [InlineData(true, null, "never", false)]
    [InlineData(false, "1", "always", true)]
    public async Task Colours_are_for_terminals_and_for_those_who_ask(bool isTerminal, string? noColor, string color, bool isColoured)
    {
        CliSurroundings surroundings = new() { IsOutputTerminal = isTerminal };
        if (noColor is not null)
        {
            surroundings.Variables["NO_COLOR"] = noColor;
        }

        CliRun run = await CliRun.RunAsync(["conform", .. broker.Address, "--section", "3.12", "-V", "5", "--color", color], surroundings);

        Assert.Equal((ExitCode.Ok, isColoured), (run.Code, run.Output.Contains('\e', StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5.0")]
    [InlineData("mqttv5")]
    public async Task Version_is_chosen(string version)
    {
        CliRun run = await CliRun.RunAsync(["conform", .. broker.Address, "-V", version, "--section", "3.12"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.DoesNotContain("MQTT311", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--target")]
    [InlineData("--url")]
    public async Task Broker_is_a_URL_too(string flag)
    {
        CliRun run = await CliRun.RunAsync("conform", flag, $"mqtt://{broker.Address[1]}:{broker.Address[3]}", "--id", "MQTT-3.12.4-1");

        Assert.Equal(ExitCode.Ok, run.Code);
    }

    [Fact]
    public async Task Files_are_written_whole_in_place_of_what_was_there()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("r.json"), new string('x', 1_000_000), TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(folder.File("link.html"), folder.File("r.html"));
        string[] files = ["--json", folder.File("r.json"), "--junit", folder.File("r.xml"), "--html", folder.File("link.html")];

        CliRun run = await CliRun.RunAsync(["conform", .. broker.Address, "--section", "3.12", "--quiet", .. files]);

        Assert.Equal(ExitCode.Ok, run.Code);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("r.json"), TestContext.Current.CancellationToken));
        Assert.Equal("passed", json.RootElement.GetProperty("targets")[0].GetProperty("statements")[0].GetProperty("verdict").GetString());
        Assert.Equal(2, XElement.Load(folder.File("r.xml")).Descendants("testcase").Count());
        Assert.EndsWith("</html>\n", await File.ReadAllTextAsync(folder.File("r.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(["link.html", "r.html", "r.json", "r.xml"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order());
        Assert.NotNull(new FileInfo(folder.File("link.html")).LinkTarget);
    }

    [Fact]
    public async Task Device_is_written_to_and_not_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/null is of Unix.");

        CliRun run = await CliRun.RunAsync(["conform", .. broker.Address, "--id", "MQTT-3.12.4-1", "--quiet", "--json", "/dev/null"]);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--junit")]
    [InlineData("--html")]
    public async Task File_that_cannot_be_written_is_found_before_the_run(string flag)
    {
        using TemporaryFolder folder = new();

        CliRun missing = await CliRun.RunAsync("conform", "-p", "1", flag, folder.File("none/r"));
        CliRun directory = await CliRun.RunAsync("conform", "-p", "1", flag, folder.Path);

        Assert.Equal(ExitCode.Usage, missing.Code);
        Assert.Equal(
            $"starling: {flag} {folder.File("none/r")} cannot be written: there is no directory {folder.File("none")}.\n", missing.Error);
        Assert.Equal((ExitCode.Usage, $"starling: {flag} {folder.Path} cannot be written: it is a directory.\n"), (directory.Code, directory.Error));
    }
}
