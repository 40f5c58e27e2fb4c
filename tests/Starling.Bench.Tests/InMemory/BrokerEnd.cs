using Microsoft.Extensions.Logging.Abstractions;
using Starling.Broker;
using Starling.Protocol.Loops;
using Starling.Storage;
using Starling.Transports.InMemory;

namespace Starling.Bench.Tests.InMemory;

/// <summary>The real broker in memory. It can be made to stand still.</summary>
internal sealed class BrokerEnd : IFarEnd
{
    private readonly InMemoryLoopGroup _group;
    private readonly List<(InMemoryPeer Generator, InMemoryPeer Broker)> _connections = [];
    private int _opened;

    public BrokerEnd(int shards = 1, BrokerOptions? options = null)
    {
        BrokerOptions used = (options ?? new BrokerOptions()) with { Shards = shards, SysInterval = TimeSpan.Zero };
        MemoryBudget budget = new(used.MemoryBudgetBytes);
        BrokerEngine engine = new(used, new BrokerPorts { Store = new MemoryStore() }, NullLoggerFactory.Instance, budget);
        _group = new InMemoryLoopGroup(shards, engine.CreateShard, budget);
    }

    /// <summary>Whether it takes and gives nothing now.</summary>
    public bool IsStalled { get; set; }

    public void Accept(InMemoryPeer generator) => _connections.Add((generator, _group.Open(_opened++ % _group.Loops.Count)));

    public bool Exchange()
    {
        if (IsStalled)
        {
            return false;
        }

        bool isAny = false;
        foreach ((InMemoryPeer generator, InMemoryPeer broker) in _connections)
        {
            isAny |= Copy(generator, broker);
        }

        _group.RunUntilIdle();
        foreach ((InMemoryPeer generator, InMemoryPeer broker) in _connections)
        {
            isAny |= Copy(broker, generator);
        }

        isAny |= _connections.RemoveAll(pair => pair is { Generator.End: not null, Broker.End: not null }) > 0;
        return isAny;
    }

    public void Pass(TimeSpan time) => _group.AdvanceTime(time);

    private static bool Copy(InMemoryPeer from, InMemoryPeer to)
    {
        byte[] bytes = from.Read();
        if (bytes.Length > 0 && to.End is null)
        {
            to.Write(bytes);
        }

        if (from.IsClosed && to.End is null)
        {
            to.CloseByPeer();
        }

        return bytes.Length > 0;
    }
}
