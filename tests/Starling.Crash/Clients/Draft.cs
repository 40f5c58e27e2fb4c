using Starling.Crash.Ledger;

namespace Starling.Crash.Clients;

/// <summary>A message that is about to be sent, with so many bytes to make it larger.</summary>
internal sealed record Draft(MessageStream Stream, Published Message, int FillBytes);
