#pragma warning disable CS1591, CA1822, CA1801, IDE0060, CA1032, CA1711 // temporary: the contract's signatures until the store's tools land
namespace Starling.Storage;

public readonly record struct StoreProgress(string Stage, long DoneBytes, long TotalBytes, long Items);

public sealed record StoreFinding(string File, long Offset, string Message);

public sealed record StoreReport(IReadOnlyList<StoreFinding> Findings);

public sealed record StoreInfo;

public sealed record ImportReport;

public sealed record RepairReport;

public static class StoreTools
{
    public static Task BackupAsync(this LogStore store, string targetDirectory, IProgress<StoreProgress>? progress, CancellationToken ct)
    {
        if (Directory.Exists(targetDirectory) && Directory.EnumerateFileSystemEntries(targetDirectory).Any())
        {
            throw new StoreException(StoreFailure.NotEmpty, $"{targetDirectory} is not empty.");
        }

        progress?.Report(new StoreProgress("copying", 1, 2, 0));
        Directory.CreateDirectory(targetDirectory);
        return Task.CompletedTask;
    }

    public static StoreReport Verify(string directory, IProgress<StoreProgress>? progress, CancellationToken ct) => new([]);

    public static StoreInfo ReadInfo(string directory) => new();

    public static void Export(string directory, TextWriter jsonLines, IProgress<StoreProgress>? progress, CancellationToken ct)
    {
    }

    public static ImportReport Import(string directory, TextReader jsonLines, IProgress<StoreProgress>? progress, CancellationToken ct) => new();

    public static RepairReport Repair(string directory, IProgress<StoreProgress>? progress, CancellationToken ct) => new();

    public static void Restore(string backup, string directory, IProgress<StoreProgress>? progress, CancellationToken ct)
    {
    }
}
