using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>One operation on durable state; which members count is said by <see cref="StoreRecordKind"/>. Valid during a call only.</summary>
public ref struct StoreRecord
{
    /// <summary>The operation.</summary>
    public StoreRecordKind Kind { get; set; }

    /// <summary>
    /// Whether somebody waits for the record although its kind seldom has anybody: finished, sent and away do not start a commit by themselves.
    /// </summary>
    public bool IsAwaited { get; set; }

    /// <summary>The session number; of the publisher for <see cref="StoreRecordKind.Message"/>, 0 when it has none.</summary>
    public ulong Session { get; set; }

    /// <summary>Raised at each takeover and resume.</summary>
    public uint Epoch { get; set; }

    /// <summary>The sequence number of a delivery, or the one below which a statement holds.</summary>
    public ulong Sequence { get; set; }

    /// <summary>The Packet Identifier of the exchange that the record is about; 0: none.</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>The version that the client speaks.</summary>
    public MqttVersion Version { get; set; }

    /// <summary>Topic Name, Topic Filter or Client Identifier in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>The user name of the client in UTF-8; null when it has none.</summary>
    public string? UserName { get; set; }

    /// <summary>The properties that are forwarded, in the wire form of 5.0.</summary>
    public ReadOnlySpan<byte> Properties { get; set; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; set; }

    /// <summary>The QoS of the message.</summary>
    public QualityOfService Qos { get; set; }

    /// <summary>RETAIN as it was published.</summary>
    public bool Retain { get; set; }

    /// <summary>
    /// The revision under which the message is (or, with an empty payload, deletes) the retained one of its topic; 0: it does neither.
    /// </summary>
    public ulong RetainedRevision { get; set; }

    /// <summary>With a revision: every lower one stands in a record before this, or will never stand in one.</summary>
    public ulong RetainedFloor { get; set; }

    /// <summary>When the message expires, in milliseconds since 1970 UTC; <see cref="long.MaxValue"/>: never.</summary>
    public long ExpiresAtUtcMilliseconds { get; set; }

    /// <summary>The time of the event, in milliseconds since 1970 UTC.</summary>
    public long UtcMilliseconds { get; set; }

    /// <summary>Session Expiry Interval or Will Delay Interval in seconds.</summary>
    public uint Seconds { get; set; }

    /// <summary>The Message Expiry Interval of a Will, which counts from its publication; null: never.</summary>
    public uint? MessageExpirySeconds { get; set; }

    /// <summary>Whether the message is the Will of that session and epoch, which its record removes.</summary>
    public bool IsWill { get; set; }

    /// <summary>The Subscription Options byte of 5.0.</summary>
    public byte Options { get; set; }

    /// <summary>The Subscription Identifier; 0: none.</summary>
    public uint Identifier { get; set; }

    /// <summary>The receivers of a message.</summary>
    public ReadOnlySpan<StoreReference> References { get; set; }

    /// <summary>The delivery whose place the references take: it is finished by the same record. Session 0: none.</summary>
    public StoreRange TakenFrom { get; set; }

    /// <summary>Finished deliveries.</summary>
    public ReadOnlySpan<StoreRange> Ranges { get; set; }
}
