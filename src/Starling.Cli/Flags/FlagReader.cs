using System.CommandLine;
using System.Globalization;
using Starling.Cli.Contexts;

namespace Starling.Cli.Flags;

/// <summary>Reads the values of flags, and keeps the first thing that is wrong with one.</summary>
internal sealed class FlagReader(ParseResult parsed)
{
    /// <summary>One line on the first wrong value; null when all were right.</summary>
    public string? Error { get; private set; }

    /// <summary>What counts where a flag is not given; null: nothing.</summary>
    public SavedContext? Context { get; set; }

    /// <summary>Notes that something is wrong, unless something else was before.</summary>
    public void Refuse(string error) => Error ??= error;

    /// <summary>Whether it is on the command line.</summary>
    public bool IsGiven(Option flag) => parsed.GetResult(flag) is { Implicit: false };

    /// <summary>Whether it is on the command line or in the context.</summary>
    public bool Has(Option flag) => IsGiven(flag) || Context?.Has(flag.Name) == true;

    /// <summary>What is on the command line.</summary>
    public string? Given(Option<string> flag) => parsed.GetValue(flag);

    /// <summary>What is in the context.</summary>
    public string? Kept(Option<string> flag) => Context?.Value(flag.Name);

    /// <summary>What is on the command line, else in the context.</summary>
    public string? Text(Option<string> flag) => Given(flag) ?? Kept(flag);

    public string? Text(Argument<string> word) => parsed.GetValue(word);

    public string[] Texts(Option<string[]> flag) => parsed.GetValue(flag) ?? [];

    /// <summary>The number given with the flag, or <paramref name="absent"/>.</summary>
    public long Number(Option<string> flag, long smallest, long largest, long absent)
    {
        string? text = Text(flag);
        if (text is null)
        {
            return absent;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            && value >= smallest && value <= largest)
        {
            return value;
        }

        Refuse(string.Create(
            CultureInfo.InvariantCulture,
            $"{Spelling(flag)} {text} is not allowed: a whole number from {smallest} to {largest}. For example {Spelling(flag)} {Math.Clamp(absent, smallest, largest)}."));
        return absent;
    }

    /// <summary>The value that goes with the word given with the flag, or <paramref name="absent"/>.</summary>
    public T Choice<T>(Option<string> flag, (string Word, T Value)[] choices, T absent)
    {
        string? text = Text(flag);
        if (text is null)
        {
            return absent;
        }

        foreach ((string word, T value) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Refuse($"{Spelling(flag)} {text} is not allowed: {string.Join(", ", choices.Select(c => c.Word))}. For example {Spelling(flag)} {choices[0].Word}.");
        return absent;
    }

    /// <summary>The time given with the flag, as in 500ms, 10s, 2m or 1h, or a number of seconds; or <paramref name="absent"/>.</summary>
    public TimeSpan Time(Option<string> flag, TimeSpan largest, TimeSpan absent)
    {
        string? text = Text(flag);
        if (text is null)
        {
            return absent;
        }

        int unitStart = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        double? seconds = text[unitStart..] switch
        {
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" or "" => 1,
            "m" => 60,
            "h" => 3600,
            _ => null,
        };
        if (seconds is { } unit
            && double.TryParse(text.AsSpan(0, unitStart), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * unit <= largest.TotalSeconds)
        {
            return TimeSpan.FromTicks((long)(value * unit * TimeSpan.TicksPerSecond));
        }

        Refuse(string.Create(
            CultureInfo.InvariantCulture,
            $"{Spelling(flag)} {text} is not allowed: a time such as 500ms, 10s or 2m, at most {largest.TotalSeconds:0} s. For example {Spelling(flag)} 10s."));
        return absent;
    }

    /// <summary>The flag as it was written.</summary>
    public string Spelling(Option flag) =>
        parsed.GetResult(flag)?.IdentifierToken?.Value ?? (Context?.Has(flag.Name) == true ? $"context {Context.Name}: {flag.Name}" : flag.Name);
}
