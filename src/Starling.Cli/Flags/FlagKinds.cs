using System.CommandLine;

namespace Starling.Cli.Flags;

/// <summary>Makes flags of each kind. Values stay text here, so that what is said about a wrong one is ours.</summary>
internal static class FlagKinds
{
    public static Option<bool> Switch(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<string> Value(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = valueName, Arity = ArgumentArity.ExactlyOne };

    /// <summary>A word without a flag; whether it is there is checked by who reads it.</summary>
    public static Argument<string> Word(string valueName, string description) =>
        new(valueName) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    public static Option<string[]> Values(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = valueName, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
}
