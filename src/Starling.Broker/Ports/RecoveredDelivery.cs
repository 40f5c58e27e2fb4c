using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>An unfinished delivery as it was stored.</summary>
/// <param name="Sequence">Its place in the session.</param>
/// <param name="Qos">1 or 2.</param>
/// <param name="Retain">RETAIN as it is sent.</param>
/// <param name="IsReceived">Whether PUBREC has come, so that only PUBREL is due and there is no message any more.</param>
/// <param name="Identifier">The Subscription Identifier; 0: none, or several.</param>
/// <param name="Identifiers">Several Subscription Identifiers; null in the common case.</param>
/// <param name="SharedFilter">The filter with $share/NAME/ that it came through; null when it was not shared.</param>
/// <param name="ByteCount">Bytes of topic, properties and payload.</param>
public readonly record struct RecoveredDelivery(
    ulong Sequence,
    QualityOfService Qos,
    bool Retain,
    bool IsReceived,
    uint Identifier,
    uint[]? Identifiers,
    string? SharedFilter,
    int ByteCount);
