using Starling.Cli.Flags;

namespace Starling.Cli.Tests.Flags;

/// <summary>The data directory that is meant when none is named.</summary>
public sealed class DataFlagTests
{
    [Theory]
    [InlineData("STARLING_DATA=/own XDG_DATA_HOME=/shared HOME=/home/x", "/own")]
    [InlineData("STARLING_DATA=own", "own")]
    [InlineData("STARLING_DATA= XDG_DATA_HOME=/shared HOME=/home/x", "/shared/starling")]
    [InlineData("XDG_DATA_HOME=relative HOME=/home/x", "/home/x/.local/share/starling")]
    [InlineData("HOME=/home/x", "/home/x/.local/share/starling")]
    [InlineData("HOME=", null)]
    [InlineData("", null)]
    public void Default_is_what_the_surroundings_name_first(string variables, string? expected)
    {
        Dictionary<string, string> surroundings = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);

        string? directory = DataFlag.Default(new CommandEnvironment
        {
            Input = Stream.Null,
            Output = Stream.Null,
            Error = TextWriter.Null,
            Variable = surroundings.GetValueOrDefault,
            Interrupted = default,
        });

        Assert.Equal(expected, directory);
    }

    [Theory]
    [InlineData("", "/home/x/.local/share/starling")]
    [InlineData("--data /a", "/a")]
    [InlineData("--data /a --set DataDirectory=/b", "/b")]
    [InlineData("--set DataDirectory=none", "/home/x/.local/share/starling")]
    [InlineData("--set Durability=memory", "none")]
    public async Task Serve_takes_the_flag_before_the_default_and_a_setting_before_both(string flags, string expected)
    {
        CliRun run = await CliRun.RunAsync(
            ["serve", "--check", "-v", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            new CliSurroundings { Variables = new() { ["HOME"] = "/home/x" } });

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains($"DataDirectory={expected}\n", run.Output, StringComparison.Ordinal);
    }
}
