using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>A retained message that may still refer to a place.</summary>
/// <param name="Record">Which record of the piece.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Location">The place of the record.</param>
internal readonly record struct LiveRetained(int Record, byte[] Topic, ulong Revision, Location Location);
