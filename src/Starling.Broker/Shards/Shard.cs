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
internal sealed class Shard : ILoopClient, IShardStoreEvents
{
    /// <summary>
    /// Deliveries in one iteration before connections have to wait for the next, so that a burst with many subscribers starves nobody.
    /// </summary>
    private const int DeliveriesMax = 1 << 16;

    /// <summary>How soon the loop looks again while something is held back.</summary>
    private const int HeldPeriodMilliseconds = 5;

    private readonly List<BrokerConnection> _paused = [];
    private readonly List<BrokerConnection> _toPump = [];
    private readonly Action _committed;
    private readonly Action _failed;
    private IShardStore? _store;
    private long _utcOffsetMilliseconds;

    public Shard(BrokerEngine engine, int index)
    {
        Engine = engine;
        Index = index;

        // No HashCode here: it differs from process to process, and the same seed must give the same run.
        Random = new Random(unchecked((engine.Options.Seed * 397) ^ index));
        Counters = new ShardCounters();
        Log = engine.Log;
        Timers = new TimerWheel();
        Messages = new MessageStore { IsBacked = engine.Ports.Store.IsDurable };
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
        _committed = Records.Committed;
        _failed = StoreHasFailed;
        Backlogs = new Backlogs(this);
        Recovered = new RecoveredSessions(this);
        Subscribing = new Subscribing(this);
        Authorizing = new Authorizing(this);
        Holds = new Holds(this);
        Incoming = new Incoming(this);
        Router = new Router(this);
        Wills = new Wills(this);
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

    public IShardStore Store => _store ?? throw new InvalidOperationException("The store has not been opened.");

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

    public Wills Wills { get; }

    public Gathering Gathering { get; }

    public Acknowledging Acknowledging { get; }

    public QueueLimits QueueLimits { get; }

    public LocalDeliveries LocalDeliveries { get; }

    public Backlogs Backlogs { get; }

    /// <summary>What an earlier run has left, until the shard starts.</summary>
    public RecoveredSessions Recovered { get; }

    public OutgoingDeliveries Deliveries { get; }

    public SharedDeliveries SharedDeliveries { get; }

    public RetainedDeliveries Retained { get; }

    public SysPublisher SysTopics { get; }

    public MessageStore Messages { get; }

    /// <summary>Deliveries made in this iteration.</summary>
    public int SpentDeliveries { get; set; }

    /// <summary>Counts publishes, so that the budget is looked at every few.</summary>
    public int PublishCount { get; set; }

    /// <summary>
    /// Rises when something changes that decides who gets which packet and that no match tells: a session gets a connection or loses one, or the options of
    /// its subscription change.
    /// </summary>
    public long RecipientChanges { get; set; }

    /// <summary>Whether new clients are refused because the broker stops.</summary>
    public bool IsStopping { get; private set; }

    public bool HasMail => Mail.HasMail;

    /// <summary>Everything of an earlier run is there: from now on there are records.</summary>
    public void OpenStore() => _store = Engine.Ports.Store.Open(Index, this);

    public void Start(ILoop loop, in Instant now)
    {
        Loop = loop;
        _utcOffsetMilliseconds = Math.Max(0, Engine.NewestUtcMilliseconds - now.UtcMilliseconds);
        Enter(now);
        Messages.Start(loop.Buffers);
        SysTopics.Start();
        Recovered.Start();
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
        LocalDeliveries.EndIteration();
        bool hasToMove = LongWaits.MoveSome();
        Records.Flush();
        Mail.HandOver();
        if (IsStopping)
        {
            Engine.Stopping.LettersAreHandedOver(this);
        }

        if (_paused.Count > 0 || _toPump.Count > 0 || hasToMove)
        {
            return now.MonotonicMilliseconds;
        }

        long next = Timers.NextDeadline;
        return Holds.HasParked || Mail.HasHeld ? Math.Min(next, now.MonotonicMilliseconds + HeldPeriodMilliseconds) : next;
    }

    /// <summary>Something begins at this instant. Time in data never runs behind what an earlier run has stored.</summary>
    public void Enter(in Instant now) =>
        Now = _utcOffsetMilliseconds == 0 ? now : now with { UtcMilliseconds = now.UtcMilliseconds + _utcOffsetMilliseconds };

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
    public void PumpAgain(BrokerConnection connection)
    {
        if (!connection.IsToPump)
        {
            connection.IsToPump = true;
            _toPump.Add(connection);
        }
    }

    /// <inheritdoc/>
    public void Committed() => Mail.PostFromOutside(_committed);

    /// <inheritdoc/>
    public void MessagesRead(ulong session, RecoveredMessage[] messages, ulong[] asked) =>
        Mail.PostFromOutside(() => Backlogs.Receive(session, messages, asked));

    /// <inheritdoc/>
    public void Failed() => Mail.PostFromOutside(_failed);

    /// <summary>
    /// Refuses new clients and publishes the Wills of those connected [U5-46]. The Will of a session that is stored waits for the restart: its client
    /// may come back then.
    /// </summary>
    public void BeginStop()
    {
        IsStopping = true;
        foreach (BrokerConnection connection in Connections.ToArray())
        {
            if (connection.Session is { } session && !(session.IsPersistent && Messages.IsBacked))
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

    /// <summary>Nothing is stored any more, so nothing may be acknowledged: all clients go, and none comes.</summary>
    private void StoreHasFailed()
    {
        IsStopping = true;
        EndConnections();
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
                connection.IsToPump = false;
                Deliveries.Pump(connection);
            }
        }
    }
}
