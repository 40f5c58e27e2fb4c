using Starling.Protocol;

namespace Starling.Broker.Deliveries;

/// <summary>How one session gets one message: settled when it matched.</summary>
/// <param name="Qos">The smaller of the published and the granted QoS [MQTT-3.8.4-8].</param>
/// <param name="Retain">RETAIN as it is sent.</param>
/// <param name="Identifier">The Subscription Identifier; 0: none, or several.</param>
/// <param name="Identifiers">Several Subscription Identifiers; null in the common case.</param>
internal readonly record struct DeliveryTerms(QualityOfService Qos, bool Retain, uint Identifier, uint[]? Identifiers);
