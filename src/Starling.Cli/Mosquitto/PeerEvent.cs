namespace Starling.Cli.Mosquitto;

/// <summary>Something that happened.</summary>
/// <param name="Kind">What.</param>
/// <param name="Bytes">The packet, or the line.</param>
/// <param name="Connection">On which connection, counted from 1; 0 where that does not matter.</param>
internal readonly record struct PeerEvent(PeerEventKind Kind, byte[] Bytes, int Connection);
