using Starling.Cli.Output;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary>What the tools of the store found, as rows for programs.</summary>
internal static class StoreRows
{
    private static readonly string[] FindingColumns = ["file", "offset", "message"];

    private static readonly string[] InfoColumns =
    [
        "format", "store", "opened", "sessions", "subscriptions", "queued", "retained", "wills", "logBytes", "logSegments", "commits",
        "compactedBytes", "compactedSegments", "freeBytes", "freeFiles", "checkpointBytes", "checkpointCommits", "newestUtcMilliseconds",
    ];

    public static void Write(StoreReport report, OutputFormat format, CommandEnvironment environment) =>
        RowWriter.Write(environment.Output, format, FindingColumns, [.. report.Findings.Select(finding => new object?[] { finding.File, finding.Offset, finding.Message })]);

    public static void Write(StoreInfo info, OutputFormat format, CommandEnvironment environment)
    {
        object?[] row =
        [
            info.Format, info.StoreId, (long)info.Generation, info.Sessions, info.Subscriptions, info.QueuedMessages, info.RetainedMessages, info.Wills,
            info.LogBytes, info.LogSegments, (long)info.LastLsn, info.ColdBytes, info.ColdSegments, info.FreeBytes, info.FreeSegments,
            info.CheckpointBytes, (long)info.CheckpointLsn, info.NewestUtcMilliseconds > 0 ? info.NewestUtcMilliseconds : null,
        ];
        RowWriter.Write(environment.Output, format, InfoColumns, [row]);
    }
}
