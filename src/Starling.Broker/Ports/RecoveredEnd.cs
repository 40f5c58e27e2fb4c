namespace Starling.Broker.Ports;

/// <summary>What holds for the whole store at the end of recovery.</summary>
/// <param name="Generation">Raised at each start: new session numbers are Generation × 2^40 and above, so none is used twice.</param>
/// <param name="RetainedRevision">The highest revision of a retained message that was ever stored.</param>
/// <param name="NewestUtcMilliseconds">The time of the newest record; the clock goes on from the later of this and the wall clock.</param>
public readonly record struct RecoveredEnd(uint Generation, ulong RetainedRevision, long NewestUtcMilliseconds);
