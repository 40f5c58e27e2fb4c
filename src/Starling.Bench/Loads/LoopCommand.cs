namespace Starling.Bench.Loads;

/// <summary>A letter to a loop.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Client">With which client; null where there is none.</param>
internal readonly record struct LoopCommand(LoopCommandKind Kind, LoadClient? Client);
