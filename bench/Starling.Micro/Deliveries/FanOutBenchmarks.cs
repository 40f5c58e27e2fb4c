using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Broker;
using Starling.Protocol;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;
using Starling.Storage;

namespace Starling.Micro.Deliveries;

/// <summary>
/// One PUBLISH of 64 bytes on its way through a shard to the outputs of its subscribers, with their acknowledgements at QoS 1: all that a
/// message costs except the kernel.
/// </summary>
public class FanOutBenchmarks
{
    private readonly Instant _now = new(1, 1_700_000_000_000);
    private ILoopClient? _shard;
    private Client[] _subscribers = [];
    private Client? _publisher;
    private byte[] _packet = [];

    [Params(1, 100, 1_000)]
    public int Outputs { get; set; }

    [Params(QualityOfService.AtMostOnce, QualityOfService.AtLeastOnce)]
    public QualityOfService Qos { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        BrokerOptions options = new() { Shards = 1, SysInterval = TimeSpan.Zero };
        MemoryBudget budget = new(options.MemoryBudgetBytes);
        BrokerEngine engine = new(options, new BrokerPorts { Store = new MemoryStore() }, NullLoggerFactory.Instance, budget);
        _shard = engine.CreateShard(0);
        _shard.Start(new QuietLoop(budget), _now);
        _subscribers = [.. Enumerable.Range(0, Outputs).Select(Subscriber)];
        _publisher = new Client(_shard, "publisher", _now);
        PublishPacket packet = new() { Topic = "plant3/line17/device4711/temperature"u8, Payload = new byte[64], Qos = Qos };
        packet.PacketIdentifier = Qos == QualityOfService.AtMostOnce ? (ushort)0 : (ushort)1;
        _packet = new byte[packet.GetByteCount(MqttVersion.V311)];
        packet.Write(_packet, MqttVersion.V311);
        long[] before = [.. _subscribers.Select(client => client.Output.Bytes)];
        Publish();
        if (_subscribers.Where((client, i) => client.Output.Bytes - before[i] != _packet.Length).Any())
        {
            throw new InvalidOperationException("A subscriber has not got the message.");
        }
    }

    [Benchmark]
    public void Publish()
    {
        if (_shard is null || _publisher is null)
        {
            throw new InvalidOperationException("Nobody is connected.");
        }

        _publisher.Send(_packet, _now);
        EndIteration(_shard);
        if (Qos != QualityOfService.AtMostOnce)
        {
            foreach (Client subscriber in _subscribers)
            {
                subscriber.Acknowledge(_now);
            }

            EndIteration(_shard);
        }
    }

    private Client Subscriber(int number)
    {
        Client client = new(_shard ?? throw new InvalidOperationException("There is no shard."), $"subscriber{number}", _now);
        client.Subscribe("plant3/+/device4711/temperature", Qos, _now);
        EndIteration(_shard);
        return client;
    }

    private void EndIteration(ILoopClient shard)
    {
        shard.ReadMailboxes(_now);
        shard.Advance(_now);
    }
}
