using System.Globalization;
using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Opening;
using Starling.Storage.Tools;

namespace Starling.Storage;

/// <summary>
/// What can be done with a data directory while no broker is on it. Each takes the lock of the directory, says what stands in its way
/// with a <see cref="StoreException"/>, and stops with an <see cref="OperationCanceledException"/>.
/// </summary>
public static class StoreTools
{
    /// <summary>Reads every byte and every message, and says what is wrong. Changes nothing.</summary>
    public static StoreReport Verify(string directory, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        ToolDirectory.Use(directory, opened => StoreChecking.Verify(opened, Reporter(progress), cancellationToken));

    /// <summary>Says what a directory holds. Changes nothing.</summary>
    public static StoreInfo ReadInfo(string directory) => ToolDirectory.Use(directory, StoreChecking.ReadInfo);

    /// <summary>Writes sessions, subscriptions, messages, retained messages and wills as lines of JSON. Changes nothing.</summary>
    public static void Export(string directory, TextWriter jsonLines, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        ToolDirectory.Use(directory, opened =>
        {
            Manifest manifest = ToolDirectory.ReadManifest(opened);
            StoreReplay replay = StoreReplay.Run(opened, manifest, Reporter(progress), cancellationToken);
            StoreChecking.ThrowIfDamaged(opened, replay);
            using ExportWalker walker = new(jsonLines, opened.Path);
            using StoreWalk walk = new(opened, replay.State);
            walker.Store(manifest, replay.State.Retained.HighestRevision);
            walk.Run(walker, Reporter(progress), cancellationToken);
            return true;
        });

    /// <summary>Makes a data directory, which must be empty or not there, of exported lines. Makes nothing when a line is wrong.</summary>
    public static ImportReport Import(string directory, TextReader jsonLines, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        Make(directory, made => StoreImporting.Run(made, jsonLines, Reporter(progress), cancellationToken));

    /// <summary>
    /// Makes a damaged directory whole with what can be saved; keeps what was there, with a report, in a folder in it. Changes nothing
    /// when nothing is wrong.
    /// </summary>
    public static RepairReport Repair(string directory, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        string stamp = TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        return ToolDirectory.Use(directory, opened => new StoreRepairing(opened, Reporter(progress), cancellationToken).Run(stamp));
    }

    /// <summary>Copies a backup into a directory, which must be empty or not there.</summary>
    public static void Restore(string backup, string directory, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        ToolDirectory.Use(backup, source => Make(directory, made =>
        {
            StoreRestoring.Run(source, made, Reporter(progress), cancellationToken);
            return true;
        }));

    private static Action<StoreProgress> Reporter(IProgress<StoreProgress>? progress) =>
        progress is null ? static _ => { } : progress.Report;

    private static T Make<T>(string path, Func<LogDirectory, T> make)
    {
        ToolDirectory.RequireEmpty(path);
        bool wasThere = Directory.Exists(path);
        try
        {
            LogDirectory directory = new(path);
            return StoreOpening.Guard(directory, () => make(directory));
        }
        catch
        {
            // Whatever it was, half a store is worse than none.
            ToolDirectory.TakeBack(path, wasThere);
            throw;
        }
    }
}
