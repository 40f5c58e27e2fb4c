using System.Globalization;

namespace Starling.Client.Core;

/// <summary>Reads numbers of bytes.</summary>
internal static class ByteSize
{
    /// <summary>Bytes, or a whole number with KiB, MiB or GiB; at least 1.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        (string number, int shift) = text switch
        {
            [.. string rest, 'K', 'i', 'B'] => (rest, 10),
            [.. string rest, 'M', 'i', 'B'] => (rest, 20),
            [.. string rest, 'G', 'i', 'B'] => (rest, 30),
            _ => (text, 0),
        };
        bool isNumber = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out bytes);
        bool isGood = isNumber && bytes > 0 && bytes <= long.MaxValue >> shift;
        bytes = isGood ? bytes << shift : 0;
        return isGood;
    }
}
