using System.Text;
using Starling.Broker.Diagnostics;
using Starling.Broker.Routing;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Loops;
using Starling.Storage;
using Starling.Transports.InMemory;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>The real engine on in-memory loops in virtual time. Everything runs on the test's thread, and only when the test says so.</summary>
internal sealed class BrokerHarness
{
    /// <param name="shards">The number of shards and loops.</param>
    /// <param name="options">The options but for the number of shards; the $SYS topics are off unless they say otherwise.</param>
    /// <param name="ports">The ports; null: durability of memory, everybody may do everything.</param>
    /// <param name="passed">How much later than usual the wall clock starts.</param>
    public BrokerHarness(int shards = 1, BrokerOptions? options = null, BrokerPorts? ports = null, TimeSpan passed = default)
    {
        VirtualTime time = new();
        time.JumpUtc(passed);
        BrokerOptions used = (options ?? Options) with { Shards = shards };
        MemoryBudget budget = new(used.MemoryBudgetBytes);
        Engine = new BrokerEngine(used, ports ?? new BrokerPorts { Store = new MemoryStore() }, Log, budget);
        Group = new InMemoryLoopGroup(shards, Engine.CreateShard, budget, Log, time);
    }

    /// <summary>The defaults, without the $SYS topics.</summary>
    public static BrokerOptions Options { get; } = new() { SysInterval = TimeSpan.Zero };

    /// <summary>One shard and two, for theories.</summary>
    public static TheoryData<int> ShardCounts { get; } = [1, 2];

    /// <summary>Every version, for theories.</summary>
    public static TheoryData<MqttVersion> Versions { get; } = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];

    public BrokerEngine Engine { get; }

    public InMemoryLoopGroup Group { get; }

    public CapturingLogger Log { get; } = new();

    /// <summary>The sum of the counters of all shards.</summary>
    public ShardCounters Counters
    {
        get
        {
            ShardCounters sum = new();
            foreach (Shard shard in Engine.Shards)
            {
                shard.Sessions.MeasureQueues();
                shard.Counters.AddTo(sum);
            }

            return sum;
        }
    }

    /// <summary>A broker on a store whose commits the test decides.</summary>
    public static BrokerHarness OnDelayedStore(out DelayedStore store, int shards = 1, BrokerOptions? options = null)
    {
        store = new DelayedStore();
        return new BrokerHarness(shards, options, new BrokerPorts { Store = store });
    }

    /// <summary>Runs the loops until nothing is left to do at this instant.</summary>
    public void Run() => Group.RunUntilIdle();

    public void Pass(TimeSpan time) => Group.AdvanceTime(time);

    public void PassSeconds(double seconds) => Group.AdvanceTime(TimeSpan.FromSeconds(seconds));

    public void PassMilliseconds(int milliseconds) => Group.AdvanceTime(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Opens a connection on a loop; nothing is sent.</summary>
    public TestClient Open(MqttVersion version = MqttVersion.V5, int loop = 0) => new(this, Group.Open(loop), version);

    /// <summary>A connected client.</summary>
    public TestClient Connect(
        string clientIdentifier, MqttVersion version = MqttVersion.V5, bool cleanStart = true, uint expiry = 0)
    {
        TestClient client = Open(version);
        client.Connect(clientIdentifier, cleanStart, expiry);
        return client;
    }

    /// <summary>A connected client that is subscribed to one filter.</summary>
    public TestClient Subscriber(string clientIdentifier, string filter, int qos = 0, MqttVersion version = MqttVersion.V5)
    {
        TestClient client = Connect(clientIdentifier, version);
        client.Subscribe(filter, qos);
        return client;
    }

    /// <summary>A Client Identifier, different for each number, whose session lives on this shard.</summary>
    public string NameOn(int shard, int number = 0)
    {
        for (int i = 0; ; i++)
        {
            string name = $"client-{number}-{i}";
            if (Engine.Partitions.ShardOf(Encoding.UTF8.GetBytes(name)) == shard)
            {
                return name;
            }
        }
    }

    /// <summary>Messages given up for this reason, on all shards.</summary>
    public long Dropped(DropReason reason) => Counters.Dropped(reason);

    /// <summary>The retained message of a topic (of $SYS too, when its interval is on); null when there is none.</summary>
    public string? Retained(string topic)
    {
        List<RetainedMessage> found = [];
        RetainedWalk walk = Engine.RetainedMessages.Walk(Encoding.UTF8.GetBytes(topic));
        while (!walk.IsDone)
        {
            walk.Next(Group.Time.GetUtcNow().ToUnixTimeMilliseconds(), 16, found);
        }

        return found.Count == 0 ? null : Encoding.UTF8.GetString(found[0].Payload);
    }

    /// <summary>A harness whose ports are a memory store and what the test adds.</summary>
    public static BrokerHarness With(Func<BrokerPorts, BrokerPorts> ports, int shards = 1, BrokerOptions? options = null) =>
        new(shards, options, ports(new BrokerPorts { Store = new MemoryStore() }));
}
