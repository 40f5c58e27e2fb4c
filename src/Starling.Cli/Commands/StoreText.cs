using System.Globalization;
using System.Text;
using Starling.Server;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary>What the tools of the store found, in words.</summary>
internal static class StoreText
{
    public static string Of(StoreReport report)
    {
        StringBuilder text = new();
        Append(text, report.Findings);
        if (report.UnfinishedCommit is StoreFinding unfinished)
        {
            Line(text, $"{unfinished.File}, offset {unfinished.Offset}: an unfinished commit, of which nobody was told; the next start removes it.");
        }

        Line(text, $"{Read(report)}");
        return text.Append(Damage(report.Findings)).ToString();
    }

    /// <summary>What was read and found, in one line.</summary>
    public static string Sum(StoreReport report) => $"{Read(report)} {Damage(report.Findings)}";

    public static string Of(StoreInfo info)
    {
        StringBuilder text = new();
        Line(text, $"format         {info.Format}");
        Line(text, $"store          {info.StoreId}");
        Line(text, $"opened         {info.Generation} times");
        Line(text, $"sessions       {info.Sessions}");
        Line(text, $"subscriptions  {info.Subscriptions}");
        Line(text, $"queued         {info.QueuedMessages}");
        Line(text, $"retained       {info.RetainedMessages}");
        Line(text, $"wills          {info.Wills}");
        Line(text, $"log            {SizeWords.Of(info.LogBytes)} in {info.LogSegments} segments, {info.LastLsn} commits");
        Line(text, $"compacted      {SizeWords.Of(info.ColdBytes)} in {info.ColdSegments} segments");
        Line(text, $"kept free      {SizeWords.Of(info.FreeBytes)} in {info.FreeSegments} files");
        Line(text, $"checkpoints    {SizeWords.Of(info.CheckpointBytes)}; the newest has {info.CheckpointLsn} commits");
        return text.Append("newest record  ").Append(Time(info.NewestUtcMilliseconds)).ToString();
    }

    public static string Of(ImportReport report) => string.Create(CultureInfo.InvariantCulture, $"Imported: {Counts(report)}.");

    public static string Of(RepairReport report, string directory)
    {
        if (report.Folder is null)
        {
            return "No damage was found, and nothing was changed.";
        }

        StringBuilder text = new();
        Append(text, report.Findings);
        Line(text, $"Saved: {Counts(report.Saved)}.");
        Line(text, $"Lost, as far as can be told: {report.LostMessages} queued messages, {report.LostRetained} retained messages.");
        return text.Append(CultureInfo.InvariantCulture, $"The damaged files and a report are in {Path.Join(Path.GetFullPath(directory), report.Folder)}.").ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<StoreFinding> findings)
    {
        foreach (StoreFinding finding in findings)
        {
            Line(text, $"{finding.File}, offset {finding.Offset}: {finding.Message}");
        }
    }

    private static string Read(StoreReport report) =>
        string.Create(CultureInfo.InvariantCulture, $"{report.Files} files, {SizeWords.Of(report.Bytes)} and {report.Records} records were read.");

    private static string Damage(IReadOnlyList<StoreFinding> findings) => findings.Count switch
    {
        0 => "No damage was found.",
        1 => "One place is damaged: restore a backup, or save what can be saved with `starling store repair`.",
        int count => string.Create(
            CultureInfo.InvariantCulture, $"{count} places are damaged: restore a backup, or save what can be saved with `starling store repair`."),
    };

    private static string Counts(ImportReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Sessions} sessions, {report.Subscriptions} subscriptions, {report.Messages} queued messages, {report.Retained} retained messages, {report.Wills} wills");

    private static string Time(long utcMilliseconds) => utcMilliseconds <= 0
        ? "none"
        : DateTimeOffset.FromUnixTimeMilliseconds(utcMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
