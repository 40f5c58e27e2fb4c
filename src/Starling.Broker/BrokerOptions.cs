using Starling.Protocol;

namespace Starling.Broker;

/// <summary>
/// The limits and settings of a broker; immutable. <see cref="long.MaxValue"/> and null mean "no limit" where a limit may be absent.
/// </summary>
public sealed record BrokerOptions
{
    /// <summary>The largest packet taken, in bytes, 1 KiB to 256 MiB; announced as Maximum Packet Size.</summary>
    public int PacketBytesMax { get; init; } = 2 << 20;

    /// <summary>The most open QoS 1 and 2 PUBLISH packets from one client, 1 to 65535; announced as Receive Maximum.</summary>
    public int ReceiveMaximum { get; init; } = 512;

    /// <summary>The most topic aliases of one connection, each way, 0 to 65535.</summary>
    public int TopicAliasMaximum { get; init; } = 64;

    /// <summary>The most levels of a topic name or filter, 1 to 65535.</summary>
    public int TopicLevelsMax { get; init; } = 200;

    /// <summary>The most subscriptions of one session, from 1.</summary>
    public int SubscriptionsPerSessionMax { get; init; } = 100_000;

    /// <summary>The most messages queued for one session, from 1.</summary>
    public int SessionQueueMessagesMax { get; init; } = 100_000;

    /// <summary>The most bytes of messages queued for one session, from 1.</summary>
    public long SessionQueueBytesMax { get; init; } = 64L << 20;

    /// <summary>What is given up when the queue of a session is full.</summary>
    public SessionQueueFull SessionQueueFull { get; init; } = SessionQueueFull.DropNewest;

    /// <summary>The most open QoS 1 and 2 deliveries to a client of 3.x, which cannot say it itself; 1 to 65535.</summary>
    public int OutgoingWindow3x { get; init; } = 512;

    /// <summary>From the acceptance of a connection to its CONNACK; 1 s to 5 min.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest Keep Alive; null: as the client asks. Announced in 5.0, applied silently in 3.x.</summary>
    public TimeSpan? KeepAliveMax { get; init; }

    /// <summary>The longest Session Expiry Interval; null: as the client asks. Announced in 5.0, applied silently in 3.x.</summary>
    public TimeSpan? SessionExpiryMax { get; init; }

    /// <summary>The most connections at a time; null: no limit.</summary>
    public int? ConnectionsMax { get; init; }

    /// <summary>The most sessions, connected or absent; null: no limit.</summary>
    public int? SessionsMax { get; init; }

    /// <summary>The most bytes of retained messages; null: an eighth of <see cref="MemoryBudgetBytes"/>.</summary>
    public long? RetainedBytesMax { get; init; }

    /// <summary>The most retained messages; null: no limit.</summary>
    public long? RetainedMessagesMax { get; init; }

    /// <summary>Bytes for buffers and messages, from 32 MiB; above it publishers are held back.</summary>
    public long MemoryBudgetBytes { get; init; } = 256L << 20;

    /// <summary>How long a publisher is held back at the memory limit before its messages are refused.</summary>
    public TimeSpan HeldPublisherTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After a restart, how long the Wills and sessions of clients that were connected when the broker ended wait beyond their own times, so that a client
    /// that comes back cancels them; from zero.
    /// </summary>
    public TimeSpan WillGraceAfterRestart { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The highest QoS for publishing; announced as Maximum QoS.</summary>
    public QualityOfService MaximumQos { get; init; } = QualityOfService.ExactlyOnce;

    /// <summary>Whether retained messages are supported; announced.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Whether wildcards in filters are supported; announced.</summary>
    public bool WildcardsAvailable { get; init; } = true;

    /// <summary>Whether Shared Subscriptions are supported; announced.</summary>
    public bool SharedAvailable { get; init; } = true;

    /// <summary>Whether a client that gives no user name and no password may connect when no authenticator decides.</summary>
    public bool AllowAnonymous { get; init; } = true;

    /// <summary>How often the $SYS topics are published; zero: never.</summary>
    public TimeSpan SysInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Response Information for clients that ask for it; null: none.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>The number of shards, one for each event loop; at least 1.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>The name of this node, for whoever tells several apart.</summary>
    public string NodeId { get; init; } = "starling";

    /// <summary>The seed of the broker's randomness (assigned Client Identifiers, spreading); handed in so that a run can be replayed.</summary>
    public int Seed { get; init; }
}
