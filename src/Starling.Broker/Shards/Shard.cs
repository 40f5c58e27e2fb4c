using Starling.Broker.Connections;
using Starling.Broker.Deliveries;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Publishing;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Timers;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Broker.Shards;

/// <summary>
/// The connections and sessions of the partitions that one event loop owns, and everything that handles them. No member but
/// <see cref="HasMail"/> is touched by another thread.
/// </summary>
internal sealed class Shard : ILoopClient, ICompletion<ulong>
{
    /// <summary>
    /// Deliveries in one iteration before connections have to wait for the next, so that a burst with many subscribers starves nobody.
    /// </summary>
    private const int DeliveriesMax = 1 << 16;

    /// <summary>How soon the loop looks again while something is held back.</summary>
    private const int HeldPeriodMilliseconds = 5;

    private readonly List<BrokerConnection> _paused = [];
    private readonly List<BrokerConnection> _toPump = [];
    private BufferPool? _buffers;
    private MessageStore? _messages;

    public Shard(BrokerEngine engine, int index)
    {
        Engine = engine;
        Index = index;

        // No HashCode here: it differs from process to process, and the same seed must give the same run.
        Random = new Random(unchecked((engine.Options.Seed * 397) ^ index));
        Counters = new ShardCounters();
        Log = engine.Log;
        Timers = new TimerWheel();
        Store = engine.Ports.Store.Open(index, this);
        Matches = new MatchCache(engine.Subscriptions, index, new MatchCacheLimits());
        Mail = new MailRoom(this);
        Connections = new ConnectionList();
        Waiting = new WaitingConnections();
        KeepAlives = new KeepAlives(this);
        Connecting = new Connecting(this);
        Authenticating = new Authenticating(this);
        Endings = new Endings(this);
        Sessions = new SessionTable(this);
        LongWaits = new LongWaits(this);
        Records = new Records(this);
        Subscribing = new Subscribing(this);
        Authorizing = new Authorizing(this);
        Holds = new Holds(this);
        Incoming = new Incoming(this);
        Router = new Router(this);
        Gathering = new Gathering(this);
        Acknowledging = new Acknowledging(this);
        QueueLimits = new QueueLimits(this);
        LocalDeliveries = new LocalDeliveries(this);
        Deliveries = new OutgoingDeliveries(this);
        SharedDeliveries = new SharedDeliveries(this);
        Retained = new RetainedDeliveries(this);
        SysTopics = new SysPublisher(this);
    }

    public BrokerEngine Engine { get; }

    public int Index { get; }

    public ILoop? Loop { get; private set; }

    /// <summary>The instant of the event in hand.</summary>
    public Instant Now { get; private set; }

    public Random Random { get; }

    public ShardCounters Counters { get; }

    public BrokerLog Log { get; }

    public TimerWheel Timers { get; }

    public IShardStore Store { get; }

    public MatchCache Matches { get; }

    public MailRoom Mail { get; }

    public ConnectionList Connections { get; }

    public WaitingConnections Waiting { get; }

    public KeepAlives KeepAlives { get; }

    public Connecting Connecting { get; }

    public Authenticating Authenticating { get; }

    public Endings Endings { get; }

    public SessionTable Sessions { get; }

    public LongWaits LongWaits { get; }

    public Records Records { get; }

    public Subscribing Subscribing { get; }

    public Authorizing Authorizing { get; }

    public Holds Holds { get; }

    public Incoming Incoming { get; }

    public Router Router { get; }

    public Gathering Gathering { get; }

    public Acknowledging Acknowledging { get; }

    public QueueLimits QueueLimits { get; }

    public LocalDeliveries LocalDeliveries { get; }

    public OutgoingDeliveries Deliveries { get; }

    public SharedDeliveries SharedDeliveries { get; }

    public RetainedDeliveries Retained { get; }

    public SysPublisher SysTopics { get; }

    public MessageStore Messages => _messages ?? throw new InvalidOperationException("The shard has not been started.");

    /// <summary>Deliveries made in this iteration.</summary>
    public int SpentDeliveries { get; set; }

    /// <summary>Counts publishes, so that the budget is looked at every few.</summary>
    public int PublishCount { get; set; }

    /// <summary>Whether new clients are refused because the broker stops.</summary>
    public bool IsStopping { get; private set; }

    public bool HasMail => Mail.HasMail;

    public void Start(ILoop loop, in Instant now)
    {
        Loop = loop;
        Now = now;
        _buffers = loop.Buffers;
        _messages = new MessageStore(_buffers);
        SysTopics.Start();
    }

    public IConnectionInput Attach(IConnectionOutput output, in ConnectionDetails details, in Instant now)
    {
        Enter(now);
        Counters.SocketsOpened++;
        BrokerConnection connection = new(this, output, details);
        Connections.Add(connection);
        KeepAlives.AwaitConnect(connection);
        return connection;
    }

    public void ReadMailboxes(in Instant now)
    {
        Enter(now);
        Mail.Read();
    }

    public long Advance(in Instant now)
    {
        Enter(now);
        Timers.Fire(now);
        SpentDeliveries = 0;
        Holds.Look();
        Holds.Advance();
        Sessions.EndThoseDecided();
        if (IsStopping)
        {
            Engine.Stopping.EndWhenDue(this);
        }

        ResumePaused();
        Mail.HandOver();
        if (IsStopping)
        {
            Engine.Stopping.LettersAreHandedOver(this);
        }

        if (_paused.Count > 0 || _toPump.Count > 0)
        {
            return now.MonotonicMilliseconds;
        }

        long next = Timers.NextDeadline;
        return Holds.HasParked || Mail.HasHeld ? Math.Min(next, now.MonotonicMilliseconds + HeldPeriodMilliseconds) : next;
    }

    /// <summary>Something begins at this instant.</summary>
    public void Enter(in Instant now) => Now = now;

    /// <summary>After a publish: whether its connection has to wait, for the next iteration or for a mailbox.</summary>
    public bool IsWorkSpent(BrokerConnection connection)
    {
        if (SpentDeliveries >= DeliveriesMax)
        {
            connection.Pause(PauseReason.Work);
            _paused.Add(connection);
            return true;
        }

        if (Mail.IsAnyFull)
        {
            Mail.Hold(connection);
            return true;
        }

        return false;
    }

    /// <summary>The connection has more to send than one pump does.</summary>
    public void PumpAgain(BrokerConnection connection) => _toPump.Add(connection);

    /// <summary>The store has more records on stable storage. Callable from any thread.</summary>
    public void Complete(ulong result) => Mail.PostFromOutside(Records.Committed);

    /// <summary>Refuses new clients and publishes the Wills of those connected [U5-46].</summary>
    public void BeginStop()
    {
        IsStopping = true;
        foreach (BrokerConnection connection in Connections.ToArray())
        {
            if (connection.Session is { } session)
            {
                Sessions.PublishWill(session);
            }
        }
    }

    /// <summary>Ends every connection: DISCONNECT 0x8B to clients of 5.0, a close to the others.</summary>
    public void EndConnections()
    {
        foreach (BrokerConnection connection in Connections.ToArray())
        {
            Endings.Disconnect(connection, ReasonCode.ServerShuttingDown, ConnectionCause.ServerStop, null);
        }
    }

    private void ResumePaused()
    {
        if (_paused.Count > 0)
        {
            foreach (BrokerConnection connection in _paused)
            {
                connection.Resume(PauseReason.Work);
            }

            _paused.Clear();
        }

        if (_toPump.Count > 0)
        {
            BrokerConnection[] connections = [.. _toPump];
            _toPump.Clear();
            foreach (BrokerConnection connection in connections)
            {
                Deliveries.Pump(connection);
            }
        }
    }
}
