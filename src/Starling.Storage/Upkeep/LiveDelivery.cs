using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>A delivery that may still refer to a place.</summary>
/// <param name="Record">Which record of the piece.</param>
/// <param name="Session">The session number.</param>
/// <param name="Sequence">The sequence number.</param>
/// <param name="Location">The place of the record.</param>
internal readonly record struct LiveDelivery(int Record, ulong Session, ulong Sequence, Location Location);
