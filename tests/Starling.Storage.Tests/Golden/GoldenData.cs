using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Tests.Model;
using Starling.Storage.Tests.Records;
using Starling.Storage.Tests.State;
using Starling.Storage.Tests.Stores;

namespace Starling.Storage.Tests.Golden;

/// <summary>
/// What this version writes, kept for ever: <c>--golden FOLDER</c> writes it anew, which is right only for a new version of the format, into
/// a folder of its own.
/// </summary>
internal static class GoldenData
{
    public const string Records = "records.txt";
    public const string StoreFolder = "store-1.0";
    public const string StoreText = "store-1.0.txt";

    public static string Folder => Path.Join(AppContext.BaseDirectory, "Golden");

    public static Manifest Manifest => new()
    {
        StoreId = [.. Enumerable.Range(0, 16).Select(i => (byte)i)],
        Generation = 3,
        NextSegmentId = 4,
        NewestCheckpoint = 9,
        OlderCheckpoint = 5,
    };

    /// <summary>A line for each kind of record, and one for the manifest.</summary>
    public static IEnumerable<string> DescribeRecords() =>
    [
        .. RecordSamples.All.Select(sample => $"{sample.Kind} {Convert.ToHexStringLower(StateSamples.Encode(sample))}"),
        $"Manifest {Convert.ToHexStringLower(Manifest.Encode())}",
    ];

    public static LogStoreOptions Options(string directory) => StoreSample.Options(new LogDirectory(directory)) with
    {
        Log = new CommitLogOptions { SegmentBytes = 16 << 10, FrameBytes = 16 << 10 },
        CheckpointBytes = 8 << 10,
    };

    public static async Task<int> WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Join(folder, Records), string.Concat(DescribeRecords().Select(line => line + "\n")));
        Workload workload = new(3) { HoarderEvery = 7, PublishesMax = 4 };
        LogStore store = LogStore.Open(Options(Path.Join(folder, StoreFolder)));
        int batches = 40;
        while (store.ReadStatistics() is not { CompactedSegments: > 1, Checkpoints: > 2 } && batches < 400)
        {
            batches++;
            StoreSample.Run(store, workload, 1);
        }

        StoreSample.Run(store, workload, 3);
        await store.DisposeAsync();
        await File.WriteAllTextAsync(Path.Join(folder, StoreText), workload.Model.Describe(withMessages: true));
        Directory.Delete(Path.Join(folder, StoreFolder, "free"), recursive: true);
        File.Delete(Path.Join(folder, StoreFolder, "LOCK"));
        return 0;
    }
}
