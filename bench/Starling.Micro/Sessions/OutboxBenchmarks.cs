using BenchmarkDotNet.Attributes;
using Starling.Broker.Messages;
using Starling.Broker.Sessions;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Micro.Sessions;

/// <summary>The queue of a session at QoS 1: one delivery goes in at one end and is acknowledged at the other, with so many between.</summary>
public class OutboxBenchmarks
{
    private readonly MessageStore _store = new();
    private Outbox _outbox = new(new MessageStore());
    private OutboxEntry _delivery;
    private ulong _oldest;

    public OutboxBenchmarks() => _store.Start(new BufferPool(new MemoryBudget(1L << 30).OpenAccount(), 16 << 20));

    [Params(0, 100, 10_000)]
    public int Waiting { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        StoredMessage message = _store.Add(new Message { Topic = "a/b"u8, Payload = new byte[64], Qos = QualityOfService.AtLeastOnce });
        _delivery = new OutboxEntry { Message = message, Qos = QualityOfService.AtLeastOnce };
        _outbox = new Outbox(_store);
        _oldest = 0;
        for (int i = 0; i < Waiting; i++)
        {
            Append();
        }

        if (AppendAndAcknowledge() != Waiting)
        {
            throw new InvalidOperationException("The oldest delivery was not acknowledged.");
        }
    }

    [Benchmark]
    public int AppendAndAcknowledge()
    {
        Append();
        _outbox.Acknowledge(Outbox.PacketIdentifierOf(_oldest++), out _);
        return _outbox.Count;
    }

    private void Append()
    {
        _store.AddReference(_delivery.Message);
        _outbox.Append(_delivery);
        _outbox.MarkSent();
    }
}
