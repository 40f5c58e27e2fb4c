using Faults;
using Starling.Broker.Ports;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

/// <summary>A store in whose life one call goes wrong.</summary>
internal sealed class FaultRun
{
    private const int Seed = 11;

    private readonly MemoryLogDirectory _directory = new();
    private readonly int _call;
    private readonly Workload _workload = NewWorkload();
    private long _acknowledged;

    public FaultRun(int call, FaultKind kind)
    {
        _call = call;
        _directory.Fault = made => made.Number == call ? kind : null;
    }

    public int Calls => _directory.Calls;

    /// <summary>Opens, commits batches, and lets the workers work. False when the store has failed on the way.</summary>
    public bool Run(int batches)
    {
        try
        {
            LogStore store = Open();
            IShardStore shard = store.Open(0, new RecordingEvents());
            for (int i = 0; i < batches; i++)
            {
                StoreSample.Append(shard, _workload.Next());
                ulong last;
                do
                {
                    last = shard.CommittedLsn;
                    store.StepAll();
                }
                while (shard.IsFull && shard.CommittedLsn > last);
                _acknowledged = shard.IsFull ? _acknowledged : _workload.BatchNumber;
            }

            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return !store.Faulted.IsCompleted;
        }
        catch (Exception fault) when (fault is IOException or StoreException)
        {
            return false;
        }
    }

    /// <summary>After a power cut that forgets what was not synced, all that was acknowledged is there.</summary>
    public void CheckAfterRestart()
    {
        _directory.Fault = null;
        _directory.Crash(CrashKind.Forget, Seed);
        string found = StoreSample.Describe(_directory);
        Workload expected = NewWorkload();
        while (expected.BatchNumber < _acknowledged)
        {
            expected.Next();
        }

        if (found != expected.Model.Describe(withMessages: true))
        {
            expected.Next();
            Assert.True(found == expected.Model.Describe(withMessages: true), $"call {_call}: not what was acknowledged");
        }
    }

    private static Workload NewWorkload() => new(Seed) { HoarderEvery = 7, PublishesMax = 20 };

    private LogStore Open() => LogStore.Open(StoreSample.Options(_directory) with
    {
        Log = new() { SegmentBytes = 32 << 10, FrameBytes = 32 << 10 },
        CheckpointBytes = 16 << 10,
    });
}
