using Starling.Broker.Ports;
using Microsoft.Extensions.Logging;
using Starling.Broker.Diagnostics;
using Starling.Broker.Routing;
using Starling.Broker.Shards;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;

namespace Starling.Broker;

/// <summary>
/// The broker without sockets, clocks and threads: one shard for each event loop, and what they share. Two engines in one process know
/// nothing of each other.
/// </summary>
public sealed class BrokerEngine
{
    private const long MailboxBytesLeast = 128 << 10;
    private const long MailboxBytesMost = 8 << 20;

    // Session numbers of one run; those above them count the runs.
    private const int SessionNumberBits = 40;

    private readonly Shard[] _shards;
    private readonly Mailbox[] _mailboxes;
    private long _sessionNumber;
    private int _connections;
    private int _sessions;

    /// <summary>Makes the shards; nothing runs before a loop drives them.</summary>
    /// <param name="options">The limits; taken as they are, validation belongs to whoever reads them.</param>
    /// <param name="ports">Storage, authentication, authorization.</param>
    /// <param name="loggerFactory">Takes the life cycle, and what went wrong.</param>
    /// <param name="budget">The memory budget that the loops charge too.</param>
    public BrokerEngine(BrokerOptions options, BrokerPorts ports, ILoggerFactory loggerFactory, MemoryBudget budget)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        ArgumentNullException.ThrowIfNull(budget);
        Options = options;
        Ports = ports;
        Budget = budget;
        Log = new BrokerLog(loggerFactory.CreateLogger("Starling.Broker"));
        Partitions = new Partitions(options.Shards);
        ulong seed = (ulong)options.Seed;
        Subscriptions = new SubscriptionTree(options.Shards, seed);
        RetainedMessages = new RetainedTree(
            options.RetainedBytesMax ?? options.MemoryBudgetBytes / 8, options.RetainedMessagesMax ?? long.MaxValue, seed);
        SysMessages = new RetainedTree(long.MaxValue, long.MaxValue, seed);
        ConnectionSettings = new ServerConnectionSettings
        {
            PacketBytesMax = options.PacketBytesMax,
            ReceiveMaximum = options.ReceiveMaximum,
            TopicAliasMaximum = options.TopicAliasMaximum,
            TopicLevelsMax = options.TopicLevelsMax,
            MaximumQos = options.MaximumQos,
            RetainAvailable = options.RetainAvailable,
        };
        // All mailboxes together may take an eighth of the budget.
        long mailboxBytesMax = Math.Clamp(budget.LimitBytes / 8 / (options.Shards * options.Shards), MailboxBytesLeast, MailboxBytesMost);
        _mailboxes = new Mailbox[options.Shards * options.Shards];
        for (int i = 0; i < _mailboxes.Length; i++)
        {
            _mailboxes[i] = new Mailbox(mailboxBytesMax);
        }

        _shards = new Shard[options.Shards];
        for (int i = 0; i < _shards.Length; i++)
        {
            _shards[i] = new Shard(this, i);
        }

        Stopping = new Stopping(_shards);
        ports.Store.Recover(new Recovering(this));
        foreach (Shard shard in _shards)
        {
            shard.OpenStore();
        }
    }

    /// <summary>The options it was made with.</summary>
    public BrokerOptions Options { get; }

    internal BrokerPorts Ports { get; }

    internal MemoryBudget Budget { get; }

    internal BrokerLog Log { get; }

    internal Partitions Partitions { get; }

    internal SubscriptionTree Subscriptions { get; }

    internal RetainedTree RetainedMessages { get; }

    /// <summary>The $SYS topics, outside the limits that clients share.</summary>
    internal RetainedTree SysMessages { get; }

    internal ServerConnectionSettings ConnectionSettings { get; }

    internal Stopping Stopping { get; }

    /// <summary>The time of the newest record of an earlier run; the clock never falls behind it.</summary>
    internal long NewestUtcMilliseconds { get; private set; }

    internal ReadOnlySpan<Shard> Shards => _shards;

    /// <summary>The client of loop number <paramref name="index"/>, from 0 to <see cref="BrokerOptions.Shards"/> less 1.</summary>
    public ILoopClient CreateShard(int index) => _shards[index];

    /// <summary>
    /// Refuses new clients, publishes the Wills of those connected, sends DISCONNECT 0x8B to clients of 5.0 and ends every connection.
    /// Callable from any thread; a second call does nothing.
    /// </summary>
    /// <param name="stopped">Called once, on some loop, when no connection is left.</param>
    public void BeginStop(Action stopped) => Stopping.Begin(stopped);

    /// <summary>The tree that keeps a topic, or all topics that a filter matches: no wildcard leads to a first level that begins with $.</summary>
    internal RetainedTree RetainedTreeOf(ReadOnlySpan<byte> topicOrFilter) =>
        topicOrFilter.StartsWith("$SYS/"u8) ? SysMessages : RetainedMessages;

    internal Shard ShardAt(int index) => _shards[index];

    internal Mailbox MailboxOf(int from, int to) => _mailboxes[(from * _shards.Length) + to];

    internal ulong NextSessionNumber() => (ulong)Interlocked.Increment(ref _sessionNumber);

    /// <summary>Takes up where an earlier run ended; before any loop runs.</summary>
    internal void ContinueAfter(in RecoveredEnd end)
    {
        _sessionNumber = (long)end.Generation << SessionNumberBits;
        NewestUtcMilliseconds = end.NewestUtcMilliseconds;
    }

    /// <summary>A session of an earlier run; it is there whatever the limit says.</summary>
    internal void CountRecoveredSession() => Interlocked.Increment(ref _sessions);

    internal bool TryCountConnection() => TryCount(ref _connections, Options.ConnectionsMax);

    internal void UncountConnection() => Interlocked.Decrement(ref _connections);

    internal bool TryCountSession() => TryCount(ref _sessions, Options.SessionsMax);

    internal void UncountSession() => Interlocked.Decrement(ref _sessions);

    private static bool TryCount(ref int count, int? max)
    {
        if (Interlocked.Increment(ref count) <= (max ?? int.MaxValue))
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }
}
