using Starling.Broker;
using Starling.Conformance.Targets;
using Starling.Protocol.Loops;
using Starling.Storage;
using Starling.Transports.InMemory;

namespace Starling.Conformance.Tests.Targets;

/// <summary>The real engine on in-memory loops in virtual time: every run is the same, and deadlines are exact.</summary>
internal sealed class InMemoryTarget : ITarget
{
    private readonly InMemoryLoopGroup _group;
    private readonly long _begun;
    private int _opened;

    public InMemoryTarget(int shards = 1, BrokerOptions? options = null, BrokerPorts? ports = null)
    {
        BrokerOptions used = (options ?? new BrokerOptions()) with { Shards = shards };
        MemoryBudget budget = new(used.MemoryBudgetBytes);
        BrokerEngine engine = new(
            used, ports ?? new BrokerPorts { Store = new MemoryStore() }, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, budget);
        _group = new InMemoryLoopGroup(shards, engine.CreateShard, budget);
        _begun = _group.Time.GetTimestamp();
        Name = $"Starling in memory, {shards} shard{(shards == 1 ? "" : "s")}";
    }

    public string Name { get; }

    public TimeSpan Now => _group.Time.GetElapsedTime(_begun);

    /// <summary>Deadlines are never early.</summary>
    public TimeSpan Earliness => TimeSpan.Zero;

    /// <summary>The width of a tick of the broker's timers, and of a step while we wait.</summary>
    public TimeSpan Lateness { get; } = TimeSpan.FromMilliseconds(120);

    public TimeSpan Quiet { get; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    public bool IsConcurrent => false;

    public ValueTask<IByteStream> OpenAsync(CancellationToken cancellation)
    {
        InMemoryPeer peer = _group.Open(_opened++ % _group.Loops.Count);
        _group.RunUntilIdle();
        return ValueTask.FromResult<IByteStream>(new InMemoryStream(_group, peer));
    }

    public ValueTask DelayAsync(TimeSpan time, CancellationToken cancellation)
    {
        _group.AdvanceTime(time);
        return ValueTask.CompletedTask;
    }
}
