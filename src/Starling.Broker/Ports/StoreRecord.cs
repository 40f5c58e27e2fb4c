using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>One operation on durable state; which members count is said by <see cref="StoreRecordKind"/>. Valid during a call only.</summary>
public ref struct StoreRecord
{
    /// <summary>The operation.</summary>
    public StoreRecordKind Kind { get; set; }

    /// <summary>The session number; of the publisher for <see cref="StoreRecordKind.Message"/>, 0 when it has none.</summary>
    public ulong Session { get; set; }

    /// <summary>Raised at each takeover and resume.</summary>
    public uint Epoch { get; set; }

    /// <summary>The Packet Identifier of the exchange that the record is about; 0: none.</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>Topic Name, Topic Filter or Client Identifier in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>The properties that are forwarded, in the wire form of 5.0.</summary>
    public ReadOnlySpan<byte> Properties { get; set; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; set; }

    /// <summary>The QoS of the message.</summary>
    public QualityOfService Qos { get; set; }

    /// <summary>Whether the message is (or, with an empty payload, deletes) the retained one of its topic.</summary>
    public bool Retain { get; set; }

    /// <summary>The revision of the retained message; 0: not retained.</summary>
    public ulong RetainedRevision { get; set; }

    /// <summary>When the message expires, in milliseconds since 1970 UTC; <see cref="long.MaxValue"/>: never.</summary>
    public long ExpiresAtUtcMilliseconds { get; set; }

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
}
