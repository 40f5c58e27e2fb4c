using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Crashes;

/// <summary>The batches of a crash round, the same in the process that is killed and in the one that kills.</summary>
internal sealed class CrashWorkload(int seed)
{
    private readonly Workload _workload = new(seed) { HoarderEvery = 7, PublishesMax = 40 };

    public long BatchNumber => _workload.BatchNumber;

    public List<Operation> Next() => _workload.Next();

    public void Advance(long batch)
    {
        while (BatchNumber < batch)
        {
            Next();
        }
    }

    public string Describe() => _workload.Model.Describe(withMessages: true);

    /// <summary>How many steps the workers take after this batch.</summary>
    public int Steps() => (int)((BatchNumber * 7) % 11);
}
