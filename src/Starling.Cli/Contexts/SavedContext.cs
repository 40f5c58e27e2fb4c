namespace Starling.Cli.Contexts;

/// <summary>A named connection: flags that are kept for later.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Flags">From the long name of a flag without its dashes to its value; null for a switch.</param>
internal sealed record SavedContext(string Name, IReadOnlyDictionary<string, string?> Flags)
{
    private const int NameLettersMax = 64;

    /// <summary>What a name may be, in words.</summary>
    public const string NameRule = "1 to 64 letters, digits, '.', '_' and '-', with a letter or a digit first";

    public static bool IsName(string text) =>
        text.Length is > 0 and <= NameLettersMax && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>Whether it has this flag, written with its dashes.</summary>
    public bool Has(string flag) => Flags.ContainsKey(flag.TrimStart('-'));

    /// <summary>The value of a flag, written with its dashes; null when there is none.</summary>
    public string? Value(string flag) => Flags.GetValueOrDefault(flag.TrimStart('-'));
}
