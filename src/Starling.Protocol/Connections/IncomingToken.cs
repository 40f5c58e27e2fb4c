namespace Starling.Protocol.Connections;

/// <summary>Names one delivery of the server towards its acknowledgement. The default value is that of QoS 0: nothing to acknowledge.</summary>
/// <param name="Qos">The QoS of the delivery.</param>
/// <param name="PacketIdentifier">Its Packet Identifier; 0 for QoS 0.</param>
/// <param name="Connection">The number of the connection in its session.</param>
/// <param name="Number">Tells deliveries with one Packet Identifier apart, so that a late acknowledgement never meets another delivery.</param>
public readonly record struct IncomingToken(QualityOfService Qos, ushort PacketIdentifier, long Connection, long Number);
