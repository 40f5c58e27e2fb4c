using Starling.Broker.Connections;
using Starling.Broker.Deliveries;
using Starling.Broker.Timers;
using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>
/// The state that the two ends of MQTT share, on the broker's side. It lives on the shard of its partition for life, and only that shard's
/// thread touches it. Whatever most sessions never need is made on first use.
/// </summary>
internal sealed class Session : ITimerOwner
{
    /// <summary>Process-wide, never reused.</summary>
    public required ulong Number { get; init; }

    public required string ClientIdentifier { get; init; }

    /// <summary>The shard that owns it.</summary>
    public required Shards.Shard Shard { get; init; }

    /// <summary>Raised by each connection that opens the session; work that was begun for an earlier one is stale.</summary>
    public uint Epoch { get; set; }

    /// <summary>The connection that uses the session now; null while the client is away.</summary>
    public BrokerConnection? Connection { get; set; }

    public string? UserName { get; set; }

    public MqttVersion Version { get; set; }

    /// <summary>How long the session outlives its connection; <see cref="uint.MaxValue"/>: for ever.</summary>
    public uint ExpiryIntervalSeconds { get; set; }

    /// <summary>Whether the session outlives its connection.</summary>
    public bool IsPersistent => ExpiryIntervalSeconds > 0;

    public bool IsEnded { get; set; }

    /// <summary>Whether the store knows it, so that its end must be recorded too.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>By filter as the client wrote it, with $share/NAME/.</summary>
    public Dictionary<string, Subscription>? Subscriptions { get; set; }

    /// <summary>How many of them are shared.</summary>
    public int SharedCount { get; set; }

    /// <summary>QoS 1 and 2 deliveries to the client.</summary>
    public Outbox? Outbox { get; set; }

    /// <summary>Whether messages of its outbox are being read back.</summary>
    public bool IsLoading { get; set; }

    /// <summary>QoS 2 identifiers of the client that it has not released.</summary>
    public IncomingIdentifiers? Incoming { get; set; }

    /// <summary>What a session has that is recorded; the others never make it.</summary>
    public SessionRecords? Stored { get; private set; }

    /// <summary>Retained messages still to be sent for subscriptions, in the order of the subscriptions.</summary>
    public Queue<RetainedBacklog>? RetainedBacklogs { get; set; }

    /// <summary>Where shared deliveries came from, in sequence order; they go to another member when this session ends.</summary>
    public Queue<(ulong Sequence, SharedOrigin Origin)>? SharedOrigins { get; set; }

    /// <summary>Its last range among those finished in this iteration; says nothing at other times.</summary>
    public int FinishedSlot { get; set; }

    public Will? Will { get; set; }

    /// <summary>Session expiry, and before it the Will Delay.</summary>
    public TimerNode? Timer { get; set; }

    /// <summary>When the session expires, once its client is away.</summary>
    public long ExpiresAtMonotonicMilliseconds { get; set; } = long.MaxValue;

    /// <summary>When a delayed Will goes out, once its client is away.</summary>
    public long WillDueAtMonotonicMilliseconds { get; set; } = long.MaxValue;

    /// <summary>Whether the current episode of a full queue has been logged.</summary>
    public bool IsQueueFullLogged { get; set; }

    /// <summary>Its place in the result that the shard's match cache builds; says nothing at other times.</summary>
    public int MatchSlot { get; set; }

    /// <summary>Deliveries below this are known to the store as sent.</summary>
    public ulong SentRecordedBelow => Stored?.SentRecordedBelow ?? 0;

    /// <summary>Makes it on first use.</summary>
    public SessionRecords MakeStored() => Stored ??= new SessionRecords();

    public void OnTimer(TimerNode node, in Instant now) => Shard.Sessions.TimeIsUp(this);
}
