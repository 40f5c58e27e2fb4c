#pragma warning disable CS1591, CA1822, CA1801, IDE0060, CA1032, CA1711, CA1416 // temporary: the contract's signatures until the store lands
using Microsoft.Extensions.Logging;
using Starling.Broker.Ports;
using Starling.CommitLog;

namespace Starling.CommitLog
{
    public interface ILogDirectory
    {
        string Path { get; }
    }

    public sealed class LogDirectory(string path) : ILogDirectory
    {
        public string Path { get; } = System.IO.Path.GetFullPath(path);
    }

    public sealed record CommitLogOptions
    {
        public long SegmentBytes { get; init; } = 64L << 20;

        public int FrameBytes { get; init; } = 8 << 20;
    }
}

namespace Starling.Storage
{
    public enum StoreFailure
    {
        Locked,
        Unreadable,
        NewerFormat,
        Corrupt,
        Full,
        NotEmpty,
        Usage,
    }

    public sealed class StoreException(StoreFailure failure, string message, Exception? cause = null) : Exception(message, cause)
    {
        public StoreFailure Failure { get; } = failure;
    }

    public readonly record struct StoreProgress(string Stage, long DoneBytes, long TotalBytes, long Items);

    public sealed record StoreRecovery
    {
        public long Sessions { get; init; }

        public long Deliveries { get; init; }

        public long Retained { get; init; }

        public TimeSpan Duration { get; init; }
    }

    public sealed record LogStoreOptions
    {
        public required ILogDirectory Directory { get; init; }

        public bool IsSynced { get; init; } = true;

        public CommitLogOptions Log { get; init; } = new();

        public long CheckpointBytes { get; init; } = 256L << 20;

        public long? DiskFreeBytesMin { get; init; }

        public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

        public ILoggerFactory? LoggerFactory { get; init; }
    }

    public sealed class LogStore : IDurableStore, IAsyncDisposable
    {
        private readonly TaskCompletionSource<Exception> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly FileStream _lock;

        private LogStore(FileStream held) => _lock = held;

        public StoreRecovery Recovery { get; } = new();

        public Task<Exception> Faulted => _faulted.Task;

        public bool IsDurable => false;

        public StoreCondition Condition => StoreCondition.Ready;

        public StoreFigures Figures => default;

        public static LogStore Open(LogStoreOptions options)
        {
            string path = options.Directory.Path;
            try
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return new LogStore(new FileStream(Path.Join(path, "LOCK"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (UnauthorizedAccessException e)
            {
                throw new StoreException(StoreFailure.Unreadable, $"{path}: {e.Message}", e);
            }
            catch (IOException e)
            {
                throw new StoreException(StoreFailure.Locked, $"{path} is used by another process.", e);
            }
        }

        public void Recover(IRecoverySink sink)
        {
        }

        public IShardStore Open(int shard, IShardStoreEvents events) => new MemoryShardStore();

        public Task BackupAsync(string targetDirectory, IProgress<StoreProgress>? progress, CancellationToken ct)
        {
            if (Directory.Exists(targetDirectory) && Directory.EnumerateFileSystemEntries(targetDirectory).Any())
            {
                throw new StoreException(StoreFailure.NotEmpty, $"{targetDirectory} is not empty.");
            }

            progress?.Report(new StoreProgress("copying", 1, 2, 0));
            Directory.CreateDirectory(targetDirectory);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => _lock.DisposeAsync();
    }

    public sealed record StoreFinding(string File, long Offset, string Message);

    public sealed record StoreReport(IReadOnlyList<StoreFinding> Findings);

    public sealed record StoreInfo;

    public sealed record ImportReport;

    public sealed record RepairReport;

    public static class StoreTools
    {
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
}
