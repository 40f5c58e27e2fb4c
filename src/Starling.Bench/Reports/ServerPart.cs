namespace Starling.Bench.Reports;

/// <summary>What the server said of itself in CONNACK, in a JSON file.</summary>
/// <param name="Mqtt">The version that was spoken.</param>
/// <param name="ReceiveMaximum">Its Receive Maximum.</param>
/// <param name="MaximumPacketBytes">Its Maximum Packet Size; null for none.</param>
/// <param name="MaximumQos">Its Maximum QoS.</param>
/// <param name="KeepAliveSeconds">The Keep Alive in force.</param>
internal sealed record ServerPart(string Mqtt, int ReceiveMaximum, uint? MaximumPacketBytes, int MaximumQos, int KeepAliveSeconds);
