using System.Globalization;

namespace Starling.Cli.Mosquitto;

/// <summary>Reads numbers as the C library does for mosquitto: as far as there are digits, and 0 where there are none.</summary>
internal static class CNumbers
{
    /// <summary>atoi.</summary>
    public static int ToInt(string text) => unchecked((int)ToLong(text));

    /// <summary>atol.</summary>
    public static long ToLong(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart();
        int length = rest.Length > 0 && rest[0] is '-' or '+' ? 1 : 0;
        while (length < rest.Length && char.IsAsciiDigit(rest[length]))
        {
            length++;
        }

        if (long.TryParse(rest[..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            return number;
        }

        return length > 1 ? rest[0] == '-' ? long.MinValue : long.MaxValue : 0;
    }

    /// <summary>atof, without its words and hexadecimal forms.</summary>
    public static double ToDouble(string text)
    {
        for (int length = text.Length; length > 0; length--)
        {
            if (double.TryParse(text.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            {
                return number;
            }
        }

        return 0;
    }

    /// <summary>strtol with base 0: the whole text must be one number, decimal, octal after 0, or hexadecimal after 0x.</summary>
    public static bool TryWhole(string text, out long number)
    {
        bool isNegative = text.StartsWith('-');
        string digits = text.TrimStart('-', '+');
        number = 0;
        bool isRead;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            isRead = long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            isRead = digits.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0 && digits.Length < 20;
            foreach (char digit in isRead ? digits : "")
            {
                number = (number * 8) + digit - '0';
            }
        }
        else
        {
            isRead = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }

        number = isNegative ? -number : number;
        return isRead && text.Length - digits.Length <= 1;
    }
}
