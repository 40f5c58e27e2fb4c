using Starling.CommitLog;
using Starling.Storage.Tests.Model;
using Starling.Storage.Tests.Stores;

namespace Starling.Storage.Tests.Tools;

/// <summary>A data directory on the disk with a checkpoint, what compaction has written, and a log of several segments.</summary>
internal sealed class StoredData : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StoredData(int batches = 120)
    {
        Workload = new Workload(6) { HoarderEvery = 7, PublishesMax = 30 };
        LogStore store = LogStore.Open(Options() with { Directory = new LogDirectory(_folder.Join("live")) });
        StoreSample.Run(store, Workload, batches);

        // No worker any more: the log behind the last checkpoint is longer than two segments.
        Broker.Ports.IShardStore shard = store.Open(0, new RecordingEvents());
        for (int i = 0; i < 30; i++)
        {
            StoreSample.Append(shard, Workload.Next());
            store.StepCommitter(commitsAll: true);
        }

        LogFiles = [.. store.Log.Segments.Select(segment => System.IO.Path.Join(Path, segment.Name))];

        // As a crash leaves it: closing it would take another checkpoint.
        TemporaryFolder.Copy(_folder.Join("live"), Path);
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder.Join("live"), recursive: true);
    }

    public Workload Workload { get; }

    /// <summary>The segments of the log, the oldest first.</summary>
    public IReadOnlyList<string> LogFiles { get; }

    public string Path => _folder.Join("data");

    public string Expected => Workload.Model.Describe(withMessages: true);

    public static string Describe(string directory) => StoreSample.Describe(new LogDirectory(directory));

    public string Join(string name) => _folder.Join(name);

    public LogStore Open() => LogStore.Open(Options());

    public LogStoreOptions Options() => StoreSample.Options(new LogDirectory(Path)) with
    {
        Log = new CommitLogOptions { SegmentBytes = 64 << 10, FrameBytes = 64 << 10 },
        CheckpointBytes = 64 << 10,
    };

    /// <summary>The files of a folder, the oldest first.</summary>
    public string[] Files(string folder) => [.. Directory.GetFiles(System.IO.Path.Join(Path, folder)).Order(StringComparer.Ordinal)];

    /// <summary>Flips a bit.</summary>
    public static void Flip(string file, long offset)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[offset] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    public void Dispose() => _folder.Dispose();
}
