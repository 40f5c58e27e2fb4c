using System.Collections.Concurrent;

namespace Starling.Conformance.Inspection;

/// <summary>What inspection has seen in one version; filled by cases that run side by side.</summary>
internal sealed class InspectionLog
{
    private readonly ConcurrentQueue<Breach> _breaches = new();
    private int _packets;

    /// <summary>How many packets were inspected.</summary>
    public int Packets => Volatile.Read(ref _packets);

    public void Count() => Interlocked.Increment(ref _packets);

    public void Add(Breach breach) => _breaches.Enqueue(breach);

    /// <summary>What broke this rule.</summary>
    public IReadOnlyList<string> BreachesOf(InspectionRule rule) =>
        [.. _breaches.Where(breach => breach.Rule == rule).Select(breach => breach.What)];
}
