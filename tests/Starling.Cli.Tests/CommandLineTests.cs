using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Starling.Cli.Tree;
using Starling.Server;

namespace Starling.Cli.Tests;

public sealed class CommandLineTests
{
    /// <summary>The words of every place of the tree.</summary>
    public static TheoryData<string> Places => [.. CommandTree.All.Select(static node => node.Words)];

    [Theory]
    [InlineData]
    [InlineData("--help")]
    public async Task Alone_it_prints_the_groups_of_commands_that_exist(params string[] args)
    {
        CliRun run = await CliRun.RunAsync(args);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Matches("(?m)^Run +serve ", run.Output);
        Assert.Matches("(?m)^Talk +pub ", run.Output);
        Assert.Matches("(?m)^Measure +bench ", run.Output);
        Assert.Matches("(?m)^ +conform ", run.Output);
        Assert.Matches("(?m)^Move +record ", run.Output);
        Assert.All(CommandTree.Commands.Where(node => !node.IsHidden), node => Assert.Matches($"(?m) {node.Name} +{Regex.Escape(node.Summary)}$", run.Output));
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("store")]
    [InlineData("store", "--help")]
    [InlineData("--help", "store")]
    public async Task Store_alone_lists_its_commands(params string[] args)
    {
        CliRun run = await CliRun.RunAsync(args);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.All(["verify", "info", "export", "import", "repair"], name => Assert.Matches($"(?m)^  {name} +\\S", run.Output));
    }

    [Fact]
    public async Task Help_of_a_store_command_is_found_in_both_ways()
    {
        CliRun run = await CliRun.RunAsync("store", "verify", "--help");

        Assert.Contains("store verify [options]", run.Output, StringComparison.Ordinal);
        Assert.Equal(run.Output, (await CliRun.RunAsync("--help", "store", "verify")).Output);
    }

    [Theory, MemberData(nameof(Places))]
    public async Task Help_of_a_command_begins_with_three_examples(string command)
    {
        CliRun run = await CliRun.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(ExitCode.Ok, run.Code);
        string[] lines = run.Output.Split('\n');
        Assert.Equal("Examples:", lines[0]);
        Assert.All(lines[1..4], line => Assert.Contains($"starling {command}", line, StringComparison.Ordinal));
        Assert.Equal("", lines[4]);
        Assert.Equal(CommandTree.All.Single(node => node.Words == command).Summary, lines[5]);
        Assert.Matches($"(?m)^Usage:\n  starling {command}.* \\[options\\]$", run.Output);
        Assert.Matches("(?m)^(Options|Commands):$", run.Output);
        Assert.All(lines.Skip(5).TakeWhile(static line => !line.StartsWith("Settings", StringComparison.Ordinal)), line => Assert.True(line.Length <= 150, line));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("pub")]
    [InlineData("sub")]
    [InlineData("conform")]
    public async Task Examples_of_the_help_are_right(string command)
    {
        CliRun help = await CliRun.RunAsync(command, "--help");
        foreach (string line in help.Output.Split('\n')[1..4])
        {
            string[] words = [.. line[(line.IndexOf("starling ", StringComparison.Ordinal) + 9)..].Split(' ').Select(static w => w.Trim('\''))];

            CliRun run = await CliRun.RunAsync([.. words, "--no-such-flag"]);

            Assert.Equal($"starling: {command} has no flag --no-such-flag and takes no other words. See starling {command} --help.\n", run.Error);
        }
    }

    [Theory]
    [InlineData("bench conn")]
    [InlineData("bench pub")]
    [InlineData("bench sub")]
    [InlineData("bench pair")]
    [InlineData("bench fanout")]
    [InlineData("bench fanin")]
    [InlineData("bench share")]
    [InlineData("bench rr")]
    [InlineData("bench retain")]
    [InlineData("bench churn")]
    [InlineData("bench offline")]
    public async Task Examples_of_bench_are_right(string command)
    {
        CliRun help = await CliRun.RunAsync([.. command.Split(' '), "--help"]);
        foreach (string line in help.Output.Split('\n')[1..4])
        {
            // A process and a file that are not here are no mistake of the example.
            string own = line.Trim().Replace("--broker-pid 4711", "", StringComparison.Ordinal).Replace("--compare old.json --tolerance 5", "", StringComparison.Ordinal);

            CliRun run = await CliRun.RunAsync([.. own.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..], "--output", "none"]);

            Assert.Equal("starling: --output none is not allowed: text, json. For example --output text.\n", run.Error);
        }
    }

    [Theory]
    [InlineData("bench")]
    [InlineData("bench", "--help")]
    [InlineData("--help", "bench")]
    public async Task Bench_alone_lists_its_scenarios(params string[] args)
    {
        CliRun run = await CliRun.RunAsync(args);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.All(Bench.Settings.ScenarioNames.All, known => Assert.Matches($"(?m)^  {known.Name} +\\S", run.Output));
    }

    [Theory]
    [InlineData("store verify")]
    [InlineData("store info")]
    [InlineData("store repair")]
    [InlineData("store export")]
    [InlineData("store import")]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task Examples_of_the_commands_on_directories_are_right(string command)
    {
        CliRun help = await CliRun.RunAsync([.. command.Split(' '), "--help"]);
        foreach (string line in help.Output.Split('\n')[1..4])
        {
            string own = line[line.IndexOf($"starling {command}", StringComparison.Ordinal)..].Split(" | ")[0].Split(" && ")[0].Split(" > ")[0];

            CliRun run = await CliRun.RunAsync([.. own.Split(' ')[1..], "--no-such-flag"]);

            Assert.StartsWith($"starling: {command} has no flag --no-such-flag", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Places))]
    public async Task Mistyped_flag_of_any_command_is_3_and_names_the_nearest(string command)
    {
        CliRun run = await CliRun.RunAsync([.. command.Split(' '), "--hlep"]);

        string meant = CommandTree.All.Single(node => node.Words == command).IsGroup ? "alone lists them." : "did you mean --help?";
        Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Output));
        Assert.EndsWith($"{meant}\n", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Help_of_serve_lists_every_setting()
    {
        CliRun run = await CliRun.RunAsync("serve", "--help");

        Assert.All(Hosting.Settings.SettingTable.All, setting => Assert.Contains($"  {setting.Key}=", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Table_of_exit_codes_has_every_code()
    {
        CliRun run = await CliRun.RunAsync("--help", "exit-codes");

        IEnumerable<int> codes = Codes(typeof(ExitCode)).Concat(Codes(typeof(ServerExitCode)));
        Assert.All(codes, code => Assert.Matches(new Regex(string.Create(CultureInfo.InvariantCulture, $"(?m)^  {code} +\\S")), run.Output));
    }

    [Fact]
    public async Task Version_is_printed() => Assert.Matches(@"^starling \d+\.\d+\.\d+\n$", (await CliRun.RunAsync("--version")).Output);

    [Theory]
    [InlineData("srve", "did you mean serve?")]
    [InlineData("frobnicate", "`starling` alone lists them.")]
    [InlineData("-h", "`starling` alone lists them.")]
    [InlineData("verify", "did you mean store verify?")]
    public async Task Unknown_command_is_bad_usage_with_a_hint(string command, string hint)
    {
        CliRun run = await CliRun.RunAsync(command);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Equal($"starling: there is no command {command}; {hint}\n", run.Error);
        Assert.Empty(run.Output);
    }

    private static IEnumerable<int> Codes(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(static f => f.FieldType == typeof(int)).Select(static f => (int)(f.GetRawConstantValue() ?? -1));
}
