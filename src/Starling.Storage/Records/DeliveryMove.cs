namespace Starling.Storage.Records;

/// <summary>The message of a delivery stands somewhere else.</summary>
internal readonly record struct DeliveryMove(ulong Session, ulong Sequence, long OldOffset, long NewOffset);
