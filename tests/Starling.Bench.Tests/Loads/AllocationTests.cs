using System.Buffers;
using Starling.Bench.Loads;
using Starling.Bench.Measuring;
using Starling.Bench.Running;
using Starling.Bench.Scenarios;
using Starling.Bench.Settings;
using Starling.Bench.Tests.InMemory;
using Starling.Protocol;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Bench.Tests.Loads;

/// <summary>A generator that makes work for its own garbage collector would measure that.</summary>
public sealed class AllocationTests : IConnector
{
    private static readonly byte[] ConnAck = [0x20, 3, 0, 0, 0];

    private readonly FixedOutput _subscriber = new();
    private readonly FixedOutput _publisher = new();
    private readonly byte[] _toSubscriber = new byte[1 << 20];
    private readonly byte[] _toPublisher = new byte[1 << 20];
    private readonly StepTime _time = new();
    private long _milliseconds;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 50_000)]
    [InlineData(1, 50_000)]
    public void Message_costs_no_memory(int qos, double rate)
    {
        BenchSettings settings = InMemoryBench.Settings(BenchScenario.Pair) with { Qos = (QualityOfService)qos, Rate = rate, Window = 0, InFlight = 50 };
        BenchRun run = new(settings, new BenchClock(_time), null);
        LoadLoop loop = run.AddLoop(new SetClock());
        new ScenarioBuilder(run, this).Build();
        (IConnectionInput subscriber, IConnectionInput publisher) = Connect(loop, qos);
        BeginTraffic(run, loop, rate);
        for (int i = 0; i < 200; i++)
        {
            Cycle(loop, subscriber, publisher);
        }

        long sentBefore = loop.Metrics.Counters.Sent;
        long before = GC.GetAllocatedBytesForCurrentThread();
        do
        {
            Cycle(loop, subscriber, publisher);
        }
        while (loop.Metrics.Counters.Sent < sentBefore + 5000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(loop.Metrics.Counters.Delivered, sentBefore, long.MaxValue);
        Assert.Null(run.Failure);
    }

    void IConnector.Open(int loopIndex, int client) => throw new InvalidOperationException("The test attaches.");

    private Instant Now() => new(++_milliseconds, _milliseconds);

    private (IConnectionInput Subscriber, IConnectionInput Publisher) Connect(LoadLoop loop, int qos)
    {
        IConnectionInput subscriber = loop.Attach(_subscriber, new ConnectionDetails(null, "0", 0), Now());
        subscriber.Receive(ConnAck, Now());
        subscriber.Receive([0x90, 4, 0, 1, 0, (byte)qos], Now());
        IConnectionInput publisher = loop.Attach(_publisher, new ConnectionDetails(null, "1", 0), Now());
        publisher.Receive(ConnAck, Now());
        _subscriber.Clear();
        _publisher.Clear();
        return (subscriber, publisher);
    }

    private void BeginTraffic(BenchRun run, LoadLoop loop, double rate)
    {
        LoadPublisher[] publishers = [.. run.Clients.Select(client => client.Publisher).OfType<LoadPublisher>()];
        run.MeasureFrom = 0;
        run.Traffic = new Traffic
        {
            Start = run.Clock.Now,
            Messages = 0,
            Rate = rate,
            Window = 40,
            FanOut = 1,
            GatherNanoseconds = 0,
            Before = LoadCounts.Zero,
            Publishers = [publishers],
            Counters = [loop.Metrics.Counters],
        };
        loop.Post(LoopCommandKind.BeginTraffic);
        loop.ReadMailboxes(Now());
    }

    // The server: answers the publisher, and copies each message to the subscriber with its own identifiers, which are the publisher's.
    private void Cycle(LoadLoop loop, IConnectionInput subscriber, IConnectionInput publisher)
    {
        _time.Step();
        loop.Advance(Now());
        int answers = Answer(_publisher, _toPublisher, out int copies);
        _publisher.Clear();
        subscriber.Receive(_toSubscriber.AsSpan(0, copies), Now());
        publisher.Receive(_toPublisher.AsSpan(0, answers), Now());
        answers = Answer(_subscriber, _toSubscriber, out _);
        _subscriber.Clear();
        subscriber.Receive(_toSubscriber.AsSpan(0, answers), Now());
    }

    private int Answer(FixedOutput from, byte[] answers, out int copies)
    {
        int used = 0;
        int answered = 0;
        copies = 0;
        while (PacketFraming.TryReadFrame(from.Written[used..], int.MaxValue, out PacketFrame frame, out _, out _) == OperationStatus.Done)
        {
            used += frame.Bytes.Length;
            switch (frame.Type)
            {
                case PacketType.Publish when PublishPacket.TryRead(frame, MqttVersion.V5, out PublishPacket packet, out _):
                    frame.Bytes.CopyTo(_toSubscriber.AsSpan(copies));
                    copies += frame.Bytes.Length;
                    byte type = packet.Qos switch { QualityOfService.AtLeastOnce => 0x40, QualityOfService.ExactlyOnce => 0x50, _ => 0 };
                    answered += type == 0 ? 0 : Write(answers, answered, type, packet.PacketIdentifier);
                    break;
                case PacketType.PubRec:
                    answered += Write(answers, answered, 0x62, (ushort)((frame.Body[0] << 8) | frame.Body[1]));
                    break;
                case PacketType.PubRel:
                    answered += Write(answers, answered, 0x70, (ushort)((frame.Body[0] << 8) | frame.Body[1]));
                    break;
                default:
                    break;
            }
        }

        return answered;
    }

    private static int Write(byte[] answers, int position, byte type, ushort identifier)
    {
        answers[position] = type;
        answers[position + 1] = 2;
        answers[position + 2] = (byte)(identifier >> 8);
        answers[position + 3] = (byte)identifier;
        return 4;
    }
}
