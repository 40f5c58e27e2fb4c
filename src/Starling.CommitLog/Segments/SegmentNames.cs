using System.Globalization;

namespace Starling.CommitLog.Segments;

/// <summary>The names of the files of a log.</summary>
internal static class SegmentNames
{
    public const string LogFolder = "log";
    public const string FreeFolder = "free";

    private const string Extension = ".seg";
    private const int Digits = 16;

    public static string Log(ulong id) => string.Create(CultureInfo.InvariantCulture, $"{LogFolder}/{id:x16}{Extension}");

    public static string Free(ulong number) => string.Create(CultureInfo.InvariantCulture, $"{FreeFolder}/{number:x16}{Extension}");

    /// <summary>Reads the number out of a name without its folder. Files with other names belong to somebody else.</summary>
    public static bool TryParse(string file, out ulong number)
    {
        number = 0;
        return file.Length == Digits + Extension.Length
            && file.EndsWith(Extension, StringComparison.Ordinal)
            && ulong.TryParse(file.AsSpan(0, Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}
