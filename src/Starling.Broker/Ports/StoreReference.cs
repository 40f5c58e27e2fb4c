using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>One persistent receiver of a message, with the terms fixed when it matched.</summary>
/// <param name="Session">The session number.</param>
/// <param name="Sequence">The place in the session; the Packet Identifier follows from it.</param>
/// <param name="Qos">The QoS of this delivery.</param>
/// <param name="Retain">RETAIN as it is sent.</param>
/// <param name="Identifier">The Subscription Identifier; 0: none, or several.</param>
/// <param name="Identifiers">Several Subscription Identifiers; null in the common case.</param>
/// <param name="SharedFilter">The filter with $share/NAME/ in UTF-8 that it came through; null when it was not shared.</param>
/// <param name="IsOnline">Whether its client was connected: a shared QoS 2 copy counts as sent then.</param>
public readonly record struct StoreReference(
    ulong Session,
    ulong Sequence,
    QualityOfService Qos,
    bool Retain,
    uint Identifier,
    uint[]? Identifiers,
    byte[]? SharedFilter = null,
    bool IsOnline = false);
