using System.Globalization;

namespace Starling.Storage.Checkpoints;

/// <summary>The names of the files that belong to the store and not to its log.</summary>
internal static class StoreNames
{
    public const string Manifest = "MANIFEST";
    public const string ManifestBeingWritten = "MANIFEST.tmp";
    public const string CheckpointFolder = "ckpt";
    public const string ColdFolder = "cold";
    public const string LogFolder = "log";
    public const string FreeFolder = "free";
    public const string BeingWritten = ".tmp";
    private const string CheckpointEnding = ".ckp";
    private const string SegmentEnding = ".seg";

    public static string Checkpoint(ulong startLsn) => $"{CheckpointFolder}/{Hex(startLsn)}{CheckpointEnding}";

    public static string Cold(ulong segment) => $"{ColdFolder}/{Hex(segment)}{SegmentEnding}";

    public static string Log(ulong segment) => $"{LogFolder}/{Hex(segment)}{SegmentEnding}";

    public static bool TryParseSegment(string file, out ulong segment) => TryParse(file, SegmentEnding, out segment);

    public static bool TryParseCheckpoint(string file, out ulong startLsn) => TryParse(file, CheckpointEnding, out startLsn);

    private static string Hex(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture);

    private static bool TryParse(string file, string ending, out ulong number)
    {
        number = 0;
        return file.Length == 16 + ending.Length
            && file.EndsWith(ending, StringComparison.Ordinal)
            && ulong.TryParse(file.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}
