using Faults;
using Microsoft.Extensions.Time.Testing;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Protocol;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

/// <summary>A store in memory that lives several times, each time with one segment of the log, because what it writes is little.</summary>
internal sealed class Lives
{
    public const ulong Session = 1;

    private ulong _lastSequence;

    public MemoryLogDirectory Directory { get; } = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

    public long NowUtcMilliseconds => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public LogStoreOptions Options => StoreSample.Options(Directory) with { TimeProvider = Time, CompactionPercent = 0, CheckpointBytes = 1 << 30 };

    public static Operation Opened => new() { Kind = StoreRecordKind.SessionOpened, Session = Session, Topic = "client" };

    public static Operation Retained(long expiresAt) => new()
    {
        Kind = StoreRecordKind.Message,
        Topic = "retained",
        Payload = [1],
        RetainedRevision = 1,
        ExpiresAt = expiresAt,
    };

    public static Operation Finished(ulong sequence) =>
        new() { Kind = StoreRecordKind.Finished, Ranges = [new StoreRange(Session, sequence, sequence)] };

    public static void Checkpoint(LogStore store)
    {
        store.Worker.Checkpointing.Want();
        store.StepAll();
    }

    public Operation Message() => new()
    {
        Kind = StoreRecordKind.Message,
        Topic = "a",
        Payload = [1, 2, 3],
        References = [new StoreReference(Session, _lastSequence++, QualityOfService.AtLeastOnce, false, 0, null)],
    };

    /// <summary>Commits some operations in one frame and ends; may take a checkpoint.</summary>
    /// <returns>How many segments were given back.</returns>
    public long Live(bool withCheckpoint, params IEnumerable<Operation> operations)
    {
        LogStore store = LogStore.Open(Options);
        StoreSample.Append(store.Open(0, new RecordingEvents()), operations);
        store.StepAll();
        if (withCheckpoint)
        {
            Checkpoint(store);
            Time.Advance(TimeSpan.FromSeconds(2));
            store.StepAll();
        }

        long freed = store.ReadStatistics().FreedSegments;
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return freed;
    }

    /// <summary>Writes over the bytes of a file.</summary>
    public void Overwrite(string name, long offset, ReadOnlySpan<byte> bytes)
    {
        using ILogFile file = Directory.Open(name, LogFileMode.ReadWrite);
        file.Write(bytes, offset);
    }

    public long LengthOf(string name)
    {
        using ILogFile file = Directory.Open(name, LogFileMode.Read);
        return file.Length;
    }
}
