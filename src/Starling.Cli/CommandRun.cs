using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Starling.Hosting.Settings;

namespace Starling.Cli;

/// <summary>Parses the flags of a command and runs it, or shows its help.</summary>
internal static class CommandRun
{
    // "-m @home" and "-qr" are values and mistakes here, not response files and bundles.
    private static readonly ParserConfiguration Parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(ICommand command, string[] args, CommandEnvironment environment)
    {
        // -h is the host everywhere, so help has only its long name.
        HelpOption help = new("--help") { Description = "Show this." };
        command.Syntax.Add(help);
        ParseResult parsed = Parse(command, args);
        if (parsed.GetResult(help) is not null)
        {
            WriteHelp(command, parsed, environment);
            return ExitCode.Ok;
        }

        if (parsed.UnmatchedTokens.Count > 0)
        {
            return environment.RefuseUsage(ExplainUnknown(command, parsed.UnmatchedTokens[0]));
        }

        return parsed.Errors.Count > 0
            ? environment.RefuseUsage($"{parsed.Errors[0].Message} See starling {command.Syntax.Name} --help.")
            : await command.RunAsync(parsed, environment).ConfigureAwait(false);
    }

    /// <summary>Parses the words after the command's name.</summary>
    internal static ParseResult Parse(ICommand command, string[] args)
    {
        RootCommand root = [];
        root.Options.Clear();
        root.Add(command.Syntax);
        return root.Parse([command.Syntax.Name, .. args], Parser);
    }

    private static string ExplainUnknown(ICommand command, string token)
    {
        if (command.Unsupported.TryGetValue(token, out string? reason))
        {
            return $"{token} is not supported: {reason}";
        }

        string name = command.Syntax.Name;
        string? nearest = token.StartsWith("--", StringComparison.Ordinal)
            ? NearestName.Of(token, command.Syntax.Options.SelectMany(o => o.Aliases.Append(o.Name)).Where(n => n.StartsWith("--", StringComparison.Ordinal)))
            : null;
        return nearest is null
            ? $"{name} has no flag {token} and takes no other words. See starling {name} --help."
            : $"{name} has no flag {token}; did you mean {nearest}?";
    }

    private static void WriteHelp(ICommand command, ParseResult parsed, CommandEnvironment environment)
    {
        // Written as a whole in the end: the parser's library would print what goes wrong with the output by itself.
        using StringWriter writer = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        writer.WriteLine("Examples:");
        foreach (string example in command.Examples)
        {
            writer.WriteLine($"  {example}");
        }

        writer.WriteLine();
        parsed.Invoke(new InvocationConfiguration { Output = writer, Error = environment.Error });
        if (command.HelpEnd.Length > 0)
        {
            writer.WriteLine(command.HelpEnd);
        }

        environment.WriteText(writer.ToString().TrimEnd('\n'));
    }
}
