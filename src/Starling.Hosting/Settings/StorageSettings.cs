using Starling.CommitLog;

namespace Starling.Hosting.Settings;

/// <summary>Where state is kept, and how.</summary>
internal static class StorageSettings
{
    private const string Unnamed = "none";
    private const long SegmentBytesMin = 1L << 20;
    private const long SegmentBytesStep = 4L << 10;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new Setting(
            new("DataDirectory", "/var/lib/starling", "Where durable state is kept; a directory of this broker alone."),
            $"a path, or {Unnamed}: then `starling serve` has a default, and a program must name one",
            o => o.DataDirectory ?? Unnamed,
            ApplyDirectory),
        SettingKinds.Choice<Durability>(
            new("Durability", "fsync", "What an acknowledgement promises: fsync, on stable storage; os, written; memory, nothing survives a restart."),
            [("fsync", Durability.Fsync), ("os", Durability.Os), ("memory", Durability.Memory)],
            new(o => o.Durability, (o, v) => o with { Durability = v })),
        new Setting(
            new("Storage:SegmentBytes", "64MiB", "The size of one file of the log."),
            $"a size in B, KiB or MiB, {SizeText.Format(SegmentBytesMin)} to {SizeText.Format(CommitLogOptions.SegmentBytesMax)}, a multiple of {SizeText.Format(SegmentBytesStep)}",
            o => SizeText.Format(o.SegmentBytes),
            ApplySegmentBytes),
        SettingKinds.Size(
            new("Storage:CheckpointBytes", "256MiB", "Bytes of log between checkpoints: less makes a start faster, more writes less."),
            new(1L << 20, 1L << 40),
            new(o => o.CheckpointBytes, (o, v) => o with { CheckpointBytes = v ?? o.CheckpointBytes })),
    ];

    private static StarlingOptions? ApplySegmentBytes(StarlingOptions options, string text) =>
        SizeText.TryParse(text, out long bytes) && bytes is >= SegmentBytesMin and <= CommitLogOptions.SegmentBytesMax && bytes % SegmentBytesStep == 0
            ? options with { SegmentBytes = bytes }
            : null;

    // A zero byte ends a path for the system, so the rest would be lost in silence.
    private static StarlingOptions? ApplyDirectory(StarlingOptions options, string text) =>
        text.Length == 0 || text.Contains('\0', StringComparison.Ordinal) ? null : options with { DataDirectory = text == Unnamed ? null : text };
}
