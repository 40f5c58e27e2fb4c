using System.Globalization;
using System.Text;

namespace Starling.Conformance.Reports;

/// <summary>
/// Makes text safe for a terminal and for every format: a server may answer with anything, and a message shows it. Control characters,
/// halves of surrogate pairs and characters that no XML may hold are written as \uXXXX.
/// </summary>
internal static class Printable
{
    public static string Of(string text)
    {
        if (text.EnumerateRunes().All(IsPrintable) && !text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder safe = new(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out Rune rune) && IsPrintable(rune))
            {
                safe.Append(rune.ToString());
                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            }
        }

        return safe.ToString();
    }

    // Format characters can turn the direction of what follows; line separators end a line of text.
    private static bool IsPrintable(Rune rune) =>
        rune.Value is not (0xFFFE or 0xFFFF)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
