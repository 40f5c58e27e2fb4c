using System.CommandLine;

namespace Starling.Cli.Help;

/// <summary>One flag, or one word without a flag, as the help shows it.</summary>
/// <param name="Names">The short name first; for a word there is none.</param>
/// <param name="Value">What its value is called; empty for a switch.</param>
/// <param name="Meaning">What it does.</param>
internal sealed record HelpFlag(IReadOnlyList<string> Names, string Value, string Meaning)
{
    /// <summary>As people write it: <c>-p, --port PORT</c>.</summary>
    public string Spelling => Value.Length == 0 || Names.Count == 0 ? $"{string.Join(", ", Names)}{Value}" : $"{string.Join(", ", Names)} {Value}";

    /// <summary>The words that the value may be, when it is called <c>this|that</c> or all know them; else none.</summary>
    public IReadOnlyList<string> Choices => Value switch
    {
        "QOS" => ["0", "1", "2"],
        "VERSION" => ["5", "311", "31"],
        _ => Value.Contains('|', StringComparison.Ordinal) ? Value.Split('|') : [],
    };

    public static HelpFlag Of(Option option)
    {
        string[] names = [option.Name, .. option.Aliases];
        return new([.. names.OrderBy(IsLong)], option.HelpName ?? "", option.Description ?? "");

        static bool IsLong(string name) => name.StartsWith("--", StringComparison.Ordinal);
    }

    public static HelpFlag Of(Argument word) => new([], word.Name, word.Description ?? "");
}
