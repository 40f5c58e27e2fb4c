using System.Collections.Concurrent;
using System.Globalization;
using Starling.Bench.Measuring;
using Starling.Bench.Observing;
using Starling.Bench.Running;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;

namespace Starling.Bench.Loads;

/// <summary>The clients of one event loop, and what they share. On the first loop the director runs too.</summary>
internal sealed class LoadLoop : IPacedLoopClient
{
    private const long KeepAliveMilliseconds = 1000;
    private const long CpuMilliseconds = 20;
    private const int SmallestFillerBytes = 256;

    private readonly ConcurrentQueue<LoopCommand> _commands = new();
    private readonly IThreadClock _threadClock;
    private readonly List<LoadConnection> _links = [];
    private IProducer? _producer;
    private ILoop? _loop;
    private long _nextKeepAlive;
    private long _nextCpu;

    public LoadLoop(BenchRun run, int index, IThreadClock threadClock)
    {
        Run = run;
        Index = index;
        _threadClock = threadClock;
        Filler = CreateFiller(Math.Max(SmallestFillerBytes, run.Settings.Sizes.Largest));
    }

    public BenchRun Run { get; }

    public int Index { get; }

    public LoopMetrics Metrics { get; } = new();

    /// <summary>The time of the bytes that are being taken, in nanoseconds.</summary>
    public long Stamp { get; private set; }

    /// <summary>Messages that arrived in the running receive and are not acknowledged.</summary>
    public List<IncomingToken> Arrivals { get; } = [];

    /// <summary>QoS 0 messages of the publisher whose turn it is.</summary>
    public PacketScratch Scratch { get; } = new();

    /// <summary>QoS 0 answers of the responder that receives.</summary>
    public PacketScratch Answers { get; } = new();

    /// <summary>A payload of the largest size.</summary>
    public byte[] Filler { get; }

    public bool HasMail => !_commands.IsEmpty;

    public LoopRest NextRest() => _producer?.Rest ?? LoopRest.UntilDeadline;

    /// <summary>Bytes that look like data: half of all values occur, and a packer would find something to do.</summary>
    public static byte[] CreateFiller(int bytes)
    {
        byte[] filler = new byte[bytes];
        for (int i = 0; i < filler.Length; i++)
        {
            filler[i] = (byte)((i * 31) ^ (i >> 8));
        }

        return filler;
    }

    public void Start(ILoop loop, in Instant now) => _loop = loop;

    public IConnectionInput Attach(IConnectionOutput output, in ConnectionDetails details, in Instant now)
    {
        LoadClient client = Run.Clients[int.Parse(details.ListenerName, CultureInfo.InvariantCulture)];
        LoadConnection link = new(this, client, output);
        client.Link = link;
        link.Place = _links.Count;
        _links.Add(link);
        Metrics.Counters.Opened++;
        return link;
    }

    public void Detach(LoadConnection link)
    {
        int last = _links.Count - 1;
        _links[link.Place] = _links[last];
        _links[link.Place].Place = link.Place;
        _links.RemoveAt(last);
    }

    /// <summary>Asks this loop to do something. Callable from any thread.</summary>
    public void Post(LoopCommandKind kind, LoadClient? client = null)
    {
        _commands.Enqueue(new LoopCommand(kind, client));
        _loop?.Wake();
    }

    public void ReadMailboxes(in Instant now)
    {
        while (_commands.TryDequeue(out LoopCommand command))
        {
            Do(command);
        }
    }

    public long Advance(in Instant now)
    {
        long milliseconds = now.MonotonicMilliseconds;
        if (milliseconds >= _nextCpu)
        {
            Volatile.Write(ref Metrics.Counters.Cpu, _threadClock.Nanoseconds);
            _nextCpu = milliseconds + CpuMilliseconds;
        }

        if (milliseconds >= _nextKeepAlive)
        {
            KeepAlive(now);
            _nextKeepAlive = milliseconds + KeepAliveMilliseconds;
        }

        long deadline = Math.Min(_nextKeepAlive, _producer?.Produce(now) ?? long.MaxValue);
        return Index == 0 ? Math.Min(deadline, Run.Director.Advance(now)) : deadline;
    }

    public void BeginReceive() => Stamp = Run.Clock.Now;

    public void AcknowledgeArrivals(ClientConnection connection, in Instant now)
    {
        foreach (IncomingToken token in Arrivals)
        {
            connection.Acknowledge(token, ReasonCode.Success, now);
        }

        Arrivals.Clear();
    }

    public void CountSent(int messages)
    {
        Volatile.Write(ref Metrics.Counters.Sent, Metrics.Counters.Sent + messages);
        Metrics.Counters.LastSend = Run.Clock.Now;
    }

    public void MaySend(LoadPublisher publisher) => _producer?.MaySend(publisher);

    private void Do(in LoopCommand command)
    {
        switch (command.Kind)
        {
            case LoopCommandKind.BeginTraffic when Run.Traffic is { } traffic:
                BeginTraffic(traffic);
                break;
            case LoopCommandKind.ForgetAnswers when Run.Traffic is { } traffic:
                foreach (LoadPublisher publisher in traffic.Publishers[Index])
                {
                    publisher.ForgetAnswers();
                    MaySend(publisher);
                }

                break;
            case LoopCommandKind.Disconnect:
                command.Client?.Link?.Disconnect();
                break;
            default:
                break;
        }
    }

    private void BeginTraffic(Traffic traffic)
    {
        if (traffic.Publishers[Index].Count == 0)
        {
            return;
        }

        _producer = traffic.Rate > 0 ? new OpenLoopProducer(traffic, this) : new ClosedLoopProducer(traffic, this);
        foreach (LoadPublisher publisher in traffic.Publishers[Index])
        {
            publisher.IsQueued = false;
            if (traffic.IsClearing)
            {
                publisher.BeginClearing();
            }

            _producer.MaySend(publisher);
        }
    }

    private void KeepAlive(in Instant now)
    {
        for (int i = 0; i < _links.Count; i++)
        {
            if (_links[i].Deadline <= now.MonotonicMilliseconds)
            {
                _links[i].KeepAlive(now);
            }
        }
    }
}
