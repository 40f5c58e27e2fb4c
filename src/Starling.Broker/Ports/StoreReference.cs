using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>One persistent receiver of a message, with the terms fixed when it matched.</summary>
/// <param name="Session">The session number.</param>
/// <param name="Sequence">The place in the session; the Packet Identifier follows from it.</param>
/// <param name="Qos">The QoS of this delivery.</param>
/// <param name="Retain">RETAIN as it is sent.</param>
/// <param name="Identifier">The Subscription Identifier; 0: none.</param>
/// <param name="Identifiers">Several Subscription Identifiers; null in the common case.</param>
public readonly record struct StoreReference(
    ulong Session, ulong Sequence, QualityOfService Qos, bool Retain, uint Identifier, IReadOnlyList<uint>? Identifiers);
