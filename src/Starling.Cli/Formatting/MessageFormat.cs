using System.Text;

namespace Starling.Cli.Formatting;

/// <summary>
/// A format as mosquitto_sub's -F has it: <c>%</c> and a letter, with width and precision before it, for parts of the message;
/// <c>@</c> and a letter of strftime for the time; <c>\</c> and a letter for a character that a shell makes hard.
/// </summary>
internal sealed class MessageFormat
{
    /// <summary>The letters that may follow <c>%</c>.</summary>
    public const string Letters = "%ACDEFIjJlmPpqRrStUxX";

    private const string Escapes = "\\0aenrtv";
    private static readonly byte[] EscapedBytes = [(byte)'\\', 0, 7, 27, (byte)'\n', (byte)'\r', (byte)'\t', 11];

    private MessageFormat(IReadOnlyList<FormatPart> parts) => Parts = parts;

    public IReadOnlyList<FormatPart> Parts { get; }

    /// <summary>Whether it prints JSON.</summary>
    public bool HasJson => Parts.Any(static part => part is { Kind: FormatPartKind.Field, Letter: 'j' or 'J' });

    /// <summary>Reads a format.</summary>
    /// <param name="text">What the flag says.</param>
    /// <param name="format">The format; null when it is wrong.</param>
    /// <param name="error">What is wrong, with the words of mosquitto; empty when nothing is.</param>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MessageFormat? format, out string error)
    {
        List<FormatPart> parts = [];
        int position = 0;
        error = "";
        while (position < text.Length && error.Length == 0)
        {
            error = text[position] switch
            {
                '%' => ReadField(text, ref position, parts),
                '@' => ReadClock(text, ref position, parts),
                '\\' => ReadEscape(text, ref position, parts),
                _ => ReadPlain(text, ref position, parts),
            };
        }

        format = error.Length == 0 ? new MessageFormat(parts) : null;
        return format is not null;
    }

    private static string ReadField(string text, ref int position, List<FormatPart> parts)
    {
        position++;
        bool isLeft = TakeIf(text, ref position, '-');
        bool isZero = TakeIf(text, ref position, '0');
        int width = TakeNumber(text, ref position);
        int precision = TakeIf(text, ref position, '.') ? TakeNumber(text, ref position) : -1;
        if (position >= text.Length)
        {
            return "Incomplete format specifier.";
        }

        char letter = text[position++];
        parts.Add(new FormatPart(FormatPartKind.Field)
        {
            Letter = letter, IsLeft = isLeft, Pad = isZero ? '0' : ' ', Width = width, Precision = precision,
        });
        return Letters.Contains(letter, StringComparison.Ordinal) ? "" : $"Invalid format specifier '{letter}'.";
    }

    private static string ReadClock(string text, ref int position, List<FormatPart> parts)
    {
        if (position + 1 >= text.Length)
        {
            return "Incomplete format specifier.";
        }

        char letter = text[position + 1];
        position += 2;
        parts.Add(letter == '@' ? FormatPart.Plain("@"u8.ToArray()) : new FormatPart(FormatPartKind.Clock) { Letter = letter });
        return "";
    }

    private static string ReadEscape(string text, ref int position, List<FormatPart> parts)
    {
        if (position + 1 >= text.Length)
        {
            return "Incomplete escape specifier.";
        }

        char letter = text[position + 1];
        position += 2;
        int index = Escapes.IndexOf(letter, StringComparison.Ordinal);
        if (index < 0)
        {
            return $"Invalid escape specifier '{letter}'.";
        }

        parts.Add(FormatPart.Plain([EscapedBytes[index]]));
        return "";
    }

    private static string ReadPlain(string text, ref int position, List<FormatPart> parts)
    {
        int end = text.AsSpan(position).IndexOfAny('%', '@', '\\');
        end = end < 0 ? text.Length : position + end;
        parts.Add(FormatPart.Plain(Encoding.UTF8.GetBytes(text[position..end])));
        position = end;
        return "";
    }

    private static bool TakeIf(string text, ref int position, char wanted)
    {
        bool isThere = position < text.Length && text[position] == wanted;
        position += isThere ? 1 : 0;
        return isThere;
    }

    private static int TakeNumber(string text, ref int position)
    {
        long number = 0;
        for (; position < text.Length && char.IsAsciiDigit(text[position]); position++)
        {
            // Wider than any terminal or memory: what is beyond is the same as this.
            number = Math.Min((number * 10) + text[position] - '0', 1 << 20);
        }

        return (int)number;
    }
}
