using System.Collections.Concurrent;
using Starling.Broker;
using Starling.Protocol.Loops;
using Starling.Storage;
using Starling.Transports.InMemory;
using static Starling.Fuzz.Fuzzing.FuzzFailureException;

namespace Starling.Fuzz.Targets;

/// <summary>The real engine on loops in memory, with limits that are soon reached, and what must hold of it at any time.</summary>
internal sealed class FuzzBroker
{
    private const long BudgetBytes = 64 << 20;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly MemoryBudget _budget = new(BudgetBytes);

    public FuzzBroker(int shards)
    {
        FaultLog log = new(_faults);
        BrokerEngine engine = new(Options with { Shards = shards }, new BrokerPorts { Store = new MemoryStore() }, log, _budget);
        Group = new InMemoryLoopGroup(shards, engine.CreateShard, _budget, log);
        Group.RunUntilIdle();
    }

    public static BrokerOptions Options { get; } = new()
    {
        SysInterval = TimeSpan.FromSeconds(10),
        MemoryBudgetBytes = BudgetBytes,
        PacketBytesMax = 2000,
        ReceiveMaximum = 4,
        TopicAliasMaximum = 3,
        SubscriptionsPerSessionMax = 6,
        SessionQueueMessagesMax = 20,
        OutgoingWindow3x = 4,
        RetainedMessagesMax = 10,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    public InMemoryLoopGroup Group { get; }

    public long UsedBytes => _budget.UsedBytes;

    public void Pass(double seconds) => Group.AdvanceTime(TimeSpan.FromSeconds(seconds));

    /// <summary>Nothing was caught, and the budget is kept to.</summary>
    public void Check()
    {
        Require(_faults.IsEmpty, $"a fault was logged: {string.Join("; ", _faults)}");
        Require(UsedBytes is >= 0 and <= BudgetBytes, $"{UsedBytes} bytes are used");
    }
}
