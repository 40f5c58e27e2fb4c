using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
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

        if (command.Syntax.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).FirstOrDefault(LooksLikeFlag) is Token flag)
        {
            return environment.RefuseUsage(ExplainUnknown(command, flag.Value));
        }

        if (parsed.UnmatchedTokens.Count > 0)
        {
            return environment.RefuseUsage(ExplainUnknown(command, parsed.UnmatchedTokens[0]));
        }

        return parsed.Errors.Count > 0
            ? environment.RefuseUsage($"{parsed.Errors[0].Message} See starling {command.Words} --help.")
            : await command.RunAsync(parsed, environment).ConfigureAwait(false);
    }

    /// <summary>Parses the words after the command's name.</summary>
    internal static ParseResult Parse(ICommand command, string[] args)
    {
        RootCommand root = [];
        root.Options.Clear();
        string[] words = command.Words.Split(' ');
        Command group = root;
        foreach (string word in words[..^1])
        {
            Command inner = new(word);
            group.Add(inner);
            group = inner;
        }

        group.Add(command.Syntax);
        return root.Parse([.. words, .. args], Parser);
    }

    // The parser takes a mistyped flag for a word; a path that begins so can be written ./-x, and - alone is a stream.
    private static bool LooksLikeFlag(Token token) => token.Value.Length > 1 && token.Value[0] == '-';

    private static string ExplainUnknown(ICommand command, string token)
    {
        if (command.Unsupported.TryGetValue(token, out string? reason))
        {
            return $"{token} is not supported: {reason}";
        }

        string name = command.Words;
        bool takesWord = command.Syntax.Arguments.Count > 0;
        if (takesWord && token[0] != '-')
        {
            return $"{name} takes one word, so there is no place for {token}. See starling {name} --help.";
        }

        string? nearest = token.StartsWith("--", StringComparison.Ordinal)
            ? NearestName.Of(token, command.Syntax.Options.SelectMany(o => o.Aliases.Append(o.Name)).Where(n => n.StartsWith("--", StringComparison.Ordinal)))
            : null;
        return nearest is null
            ? $"{name} has no flag {token}{(takesWord ? "" : " and takes no other words")}. See starling {name} --help."
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
