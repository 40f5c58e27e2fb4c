using System.CommandLine;
using System.CommandLine.Parsing;
using Starling.Cli.Flags;
using Starling.Cli.Help;
using Starling.Cli.Tree;
using Starling.Hosting.Settings;

namespace Starling.Cli;

/// <summary>Parses the flags of a command and runs it, or shows its help.</summary>
internal static class CommandRun
{
    /// <summary>The flag that every command has. -h is the host everywhere, so help has only its long name.</summary>
    public const string HelpFlag = "--help";

    // "-m @home" and "-qr" are values and mistakes here, not response files and bundles.
    private static readonly ParserConfiguration Parser = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(CommandNode node, ICommand command, string[] args, CommandEnvironment environment)
    {
        Option<bool> help = FlagKinds.Switch(HelpFlag, "Show this.");
        command.Syntax.Add(help);
        ParseResult parsed = Parse(command, args);
        if (parsed.GetResult(help) is { Implicit: false })
        {
            environment.WriteText(HelpText.Of(HelpPage.Of(node, command)));
            return ExitCode.Ok;
        }

        if (command.Syntax.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).FirstOrDefault(LooksLikeFlag) is Token flag)
        {
            return environment.RefuseUsage(ExplainUnknown(node, command, flag.Value));
        }

        if (parsed.UnmatchedTokens.Count > 0)
        {
            return environment.RefuseUsage(ExplainUnknown(node, command, parsed.UnmatchedTokens[0]));
        }

        return parsed.Errors.Count > 0
            ? environment.RefuseUsage($"{parsed.Errors[0].Message} See starling {node.Words} {HelpFlag}.")
            : await command.RunAsync(parsed, environment with { Words = node.Words }).ConfigureAwait(false);
    }

    /// <summary>Parses the words after the command's name.</summary>
    internal static ParseResult Parse(ICommand command, string[] args)
    {
        RootCommand root = [];
        root.Options.Clear();
        root.Add(command.Syntax);
        return root.Parse([command.Syntax.Name, .. args], Parser);
    }

    // The parser takes a mistyped flag for a word; a path that begins so can be written ./-x, and - alone is a stream.
    private static bool LooksLikeFlag(Token token) => token.Value.Length > 1 && token.Value[0] == '-';

    private static string ExplainUnknown(CommandNode node, ICommand command, string token)
    {
        if (command.Unsupported.TryGetValue(token, out string? reason))
        {
            return $"{token} is not supported: {reason}";
        }

        string name = node.Words;
        bool takesWord = command.Syntax.Arguments.Count > 0;
        if (takesWord && token[0] != '-')
        {
            string words = command.Syntax.Arguments.Count == 1 ? "one word" : $"{command.Syntax.Arguments.Count} words";
            return $"{name} takes {words}, so there is no place for {token}. See starling {name} {HelpFlag}.";
        }

        string? nearest = token.StartsWith("--", StringComparison.Ordinal)
            ? NearestName.Of(token, command.Syntax.Options.SelectMany(o => o.Aliases.Append(o.Name)).Where(n => n.StartsWith("--", StringComparison.Ordinal)))
            : null;
        return nearest is null
            ? $"{name} has no flag {token}{(takesWord ? "" : " and takes no other words")}. See starling {name} {HelpFlag}."
            : $"{name} has no flag {token}; did you mean {nearest}?";
    }
}
