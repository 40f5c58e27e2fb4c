namespace Starling.Storage.Records;

/// <summary>A retained message stands somewhere else.</summary>
internal readonly record struct RetainedMove(byte[] Topic, ulong Revision, long OldOffset, long NewOffset);
