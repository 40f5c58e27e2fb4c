using Faults;
using Starling.Broker.Ports;
using Starling.Storage.Tests.Model;
using Starling.Storage.Tests.Stores;

namespace Starling.Storage.Tests.Crashes;

/// <summary>
/// One store in memory through many lives, each of which ends in the middle of some call, with the process or with the power. After each
/// it must hold all batches that were acknowledged, and the one after them wholly or not at all.
/// </summary>
internal sealed class MemoryCrashRun(int seed)
{
    private readonly Random _random = new(seed);
    private readonly MemoryLogDirectory _directory = new();
    private readonly Workload _workload = new(seed) { HoarderEvery = 7, PublishesMax = 24 };
    private List<Operation> _lastBatch = [];

    // As far as was acknowledged.
    private readonly Workload _acknowledged = new(seed) { HoarderEvery = 7, PublishesMax = 24 };

    public long Batches => _workload.BatchNumber;

    public long Checkpoints { get; private set; }

    public long Compacted { get; private set; }

    public long Freed { get; private set; }

    public int DiedOpening { get; private set; }

    /// <summary>Goes through so many lives.</summary>
    public void Run(int lives)
    {
        for (int life = 0; life < lives; life++)
        {
            int end = _directory.Calls + (_random.Next(3) == 0 ? _random.Next(1, 40) : _random.Next(40, 700));
            _directory.Fault = call => call.Number >= end ? FaultKind.Death : null;
            Live(life);
            _directory.Fault = null;
            _directory.Crash((CrashKind)_random.Next(Enum.GetValues<CrashKind>().Length), _random.Next());
        }

        Check(StoreSample.Open(_directory), lives);
    }

    private void Live(int life)
    {
        LogStore store;
        try
        {
            store = StoreSample.Open(_directory);
        }
        catch (StoreException fault) when (_directory.IsDead)
        {
            DiedOpening++;
            Assert.Equal(StoreFailure.Unreadable, fault.Failure);
            return;
        }

        try
        {
            Check(store, life);
            IShardStore shard = store.Open(0, new RecordingEvents());
            while (true)
            {
                _lastBatch = _workload.Next();
                Commit(store, shard);
            }
        }
        catch (IOException) when (_directory.IsDead)
        {
            StoreStatistics statistics = store.ReadStatistics();
            Checkpoints += statistics.Checkpoints;
            Compacted += statistics.CompactedSegments;
            Freed += statistics.FreedSegments;
        }
    }

    // The last batch is in the store, or was lost with the power and nobody was told of it: then it comes again.
    private void Check(LogStore store, int life)
    {
        string found = StoreReading.Read(store, out _).Describe(withMessages: true);
        if (_directory.IsDead)
        {
            throw new IOException("it died while it was read");
        }

        string now = _workload.Model.Describe(withMessages: true);
        if (found != now)
        {
            Assert.True(
                found == _acknowledged.Model.Describe(withMessages: true),
                $"seed {seed}, life {life}: the store holds something else\n{Difference(found, now)}");
            Commit(store, store.Open(0, new RecordingEvents()));
        }

        Acknowledge();
    }

    private void Acknowledge()
    {
        while (_acknowledged.BatchNumber < _workload.BatchNumber)
        {
            _acknowledged.Next();
        }
    }

    private static string Difference(string found, string expected)
    {
        string[] foundLines = found.Split('\n');
        string[] expectedLines = expected.Split('\n');
        int i = 0;
        while (i < foundLines.Length && i < expectedLines.Length && foundLines[i] == expectedLines[i])
        {
            i++;
        }

        return $"line {i}\nfound    {foundLines.ElementAtOrDefault(i)}\nexpected {expectedLines.ElementAtOrDefault(i)}";
    }

    private void Commit(LogStore store, IShardStore shard)
    {
        StoreSample.Append(shard, _lastBatch);
        store.StepCommitter(commitsAll: true);
        Assert.True(shard.CommittedLsn > 0);
        Acknowledge();
        for (int i = _random.Next(12); i > 0; i--)
        {
            store.StepWorker();
            store.StepCommitter(commitsAll: true);
        }
    }
}
