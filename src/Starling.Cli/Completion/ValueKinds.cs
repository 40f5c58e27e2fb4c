using Starling.Cli.Help;

namespace Starling.Cli.Completion;

/// <summary>Tells the kind by what the help calls the value.</summary>
internal static class ValueKinds
{
    public static ValueKind Of(HelpFlag flag) => flag.Value switch
    {
        "" => ValueKind.Switch,
        "FILE" or "PATH" => ValueKind.File,
        _ when flag.Value.StartsWith("FILE ", StringComparison.Ordinal) => ValueKind.File,
        "DIR" => ValueKind.Folder,
        "CONTEXT" => ValueKind.Context,
        _ => flag.Choices.Count > 0 ? ValueKind.Choice : ValueKind.Free,
    };

    /// <summary>The kind as the scripts of bash and zsh write it: for a choice its words.</summary>
    public static string ShellWord(HelpFlag flag) => Of(flag) switch
    {
        ValueKind.File => "file",
        ValueKind.Folder => "folder",
        ValueKind.Context => "context",
        ValueKind.Choice => string.Join('|', flag.Choices),
        _ => "none",
    };
}
