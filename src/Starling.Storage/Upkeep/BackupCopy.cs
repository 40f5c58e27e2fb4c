using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Opening;
using Starling.Storage.Tools;

namespace Starling.Storage.Upkeep;

/// <summary>Carries a backup out: files that do not change any more get a second name in the target, what still grows is copied.</summary>
internal static class BackupCopy
{
    private static readonly string[] Folders = [StoreNames.LogFolder, StoreNames.ColdFolder, StoreNames.CheckpointFolder];

    public static void Run(
        ILogDirectory source, string targetPath, BackupPlan plan, IProgress<StoreProgress>? progress, CancellationToken cancellation)
    {
        LogDirectory target = new(targetPath);
        StoreOpening.Guard(target, () =>
        {
            foreach (string folder in Folders.Prepend(""))
            {
                target.CreateFolder(folder);
            }

            Copy(source, target, plan, progress, cancellation);
            foreach (string folder in Folders)
            {
                target.SyncFolder(folder);
            }

            plan.Manifest.Write(target);
            return true;
        });
    }

    private static void Copy(
        ILogDirectory source, LogDirectory target, BackupPlan plan, IProgress<StoreProgress>? progress, CancellationToken cancellation)
    {
        List<string> whole = [.. plan.Segments.Where(segment => segment.IsSealed).Select(segment => segment.Name), .. plan.Cold];
        foreach (ulong startLsn in new[] { plan.Manifest.NewestCheckpoint, plan.Manifest.OlderCheckpoint })
        {
            if (startLsn != 0)
            {
                whole.Add(StoreNames.Checkpoint(startLsn));
            }
        }

        long total = whole.Sum(name => ToolDirectory.LengthOf(source, name)) + plan.Segments.Where(segment => !segment.IsSealed).Sum(segment => segment.Bytes);
        long done = 0;
        int files = 0;
        foreach (string name in whole)
        {
            cancellation.ThrowIfCancellationRequested();
            source.LinkTo(name, Path.Join(target.Path, name));
            done += ToolDirectory.LengthOf(source, name);
            progress?.Report(new StoreProgress("backing up", done, total, ++files));
        }

        foreach (LogSegment segment in plan.Segments.Where(segment => !segment.IsSealed))
        {
            done += StoreRestoring.Copy(source, target, segment.Name, segment.Bytes);
            progress?.Report(new StoreProgress("backing up", done, total, ++files));
        }
    }
}
