using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Starling.CommitLog;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Tools;

/// <summary>
/// Makes a damaged directory whole: what can be read goes into a new store, which takes the place of the old one; what was there is kept
/// beside it with a report.
/// </summary>
internal sealed class StoreRepairing(LogDirectory directory, Action<StoreProgress> report, CancellationToken cancellation)
{
    public RepairReport Run(string stamp)
    {
        List<StoreFinding> findings = [];
        if (RepairExchange.FindInterrupted(directory) is { } interrupted)
        {
            interrupted.Finish();
            findings.Add(new StoreFinding(StoreNames.Manifest, 0, "a repair was interrupted; it is finished now"));
            return new RepairReport { Findings = findings, Folder = interrupted.Folder };
        }

        Manifest manifest = ReadManifest(findings);
        StoreReplay replay = StoreReplay.Run(directory, manifest, report, cancellation);
        findings.AddRange(replay.Findings);
        if (findings.Count == 0)
        {
            findings.AddRange(StoreChecking.Verify(directory, report, cancellation).Findings);
        }

        if (findings.Count == 0)
        {
            return new RepairReport { Findings = [] };
        }

        string folder = $"repair-{stamp}";
        LogDirectory made = new(Path.Join(directory.Path, folder, "new"));
        directory.CreateFolder(folder);
        RepairReport result = Salvage(made, manifest, replay) with { Findings = findings, Folder = folder };
        File.WriteAllText(Path.Join(directory.Path, folder, "report.txt"), Describe(result));
        RepairExchange exchange = new(directory, folder);
        exchange.Begin();
        exchange.Finish();
        return result;
    }

    private RepairReport Salvage(LogDirectory made, Manifest manifest, StoreReplay replay)
    {
        using StoreBuilder builder = new(made);
        using StoreWalk walk = new(directory, replay.State);
        SalvageWalker walker = new(builder);
        walk.Run(walker, report, cancellation);

        // The numbers of a generation begin with it, and none may be given twice.
        uint generation = StoreChecking.Sessions(replay.State)
            .Select(session => (uint)(session.Number >> 40))
            .Append(replay.HighestGeneration)
            .Append(manifest.Generation)
            .Max();
        builder.Complete(generation, replay.State.Retained.HighestRevision);
        return new RepairReport
        {
            Findings = [],
            Saved = builder.Report,
            LostMessages = walker.LostMessages,
            LostRetained = walker.LostRetained,
        };
    }

    // Without a manifest, frames say whose they are, and files how the checkpoints are called.
    private Manifest ReadManifest(List<StoreFinding> findings)
    {
        try
        {
            if (Manifest.Read(directory) is { } manifest)
            {
                return manifest;
            }

            findings.Add(new StoreFinding(StoreNames.Manifest, 0, "it is missing"));
        }
        catch (StoreException cause) when (cause.Failure == StoreFailure.Corrupt)
        {
            findings.Add(new StoreFinding(StoreNames.Manifest, 0, "it is damaged"));
        }

        ulong[] checkpoints =
        [
            .. directory.List(StoreNames.CheckpointFolder)
                .Select(file => StoreNames.TryParseCheckpoint(file, out ulong lsn) ? lsn : 0)
                .OrderDescending(),
            0, 0,
        ];
        return new Manifest { StoreId = FindStoreId(), NewestCheckpoint = checkpoints[0], OlderCheckpoint = checkpoints[1] };
    }

    private byte[] FindStoreId()
    {
        Span<byte> header = stackalloc byte[FrameHeader.Bytes];
        byte[] id = RandomNumberGenerator.GetBytes(16);
        foreach (ScannedSegment segment in LogScanner.List(directory))
        {
            using ILogFile file = directory.Open(segment.Name, LogFileMode.Read);
            if (file.Read(header, 0) == header.Length && FrameHeader.TryRead(header, out FrameHeader frame) && frame.SegmentId == segment.Id)
            {
                BitConverter.TryWriteBytes(id, frame.StorePrefix);
                return id;
            }
        }

        return LogScanner.List(directory).Count == 0
            ? throw new StoreException(StoreFailure.Unreadable, $"{directory.Path} is no data directory: there is nothing to repair")
            : id;
    }

    private static string Describe(RepairReport result)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"saved: {result.Saved.Sessions} sessions, {result.Saved.Subscriptions} subscriptions, ")
            .Append(CultureInfo.InvariantCulture, $"{result.Saved.Messages} messages, {result.Saved.Retained} retained messages, ")
            .Append(CultureInfo.InvariantCulture, $"{result.Saved.Wills} wills\n")
            .Append(CultureInfo.InvariantCulture, $"lost: {result.LostMessages} messages, {result.LostRetained} retained messages, ")
            .Append("and whatever stood in the commits that are named here\n");
        foreach (StoreFinding finding in result.Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{finding.File}, offset {finding.Offset}: {finding.Message}\n");
        }

        return text.ToString();
    }
}
