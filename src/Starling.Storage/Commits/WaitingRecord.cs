namespace Starling.Storage.Commits;

/// <summary>A record that had no room yet.</summary>
/// <param name="Bytes">The sealed record, in an array of the pool.</param>
/// <param name="PaddedBytes">How much of it.</param>
/// <param name="Number">Its number in its shard.</param>
/// <param name="TakesSpace">Whether it brings a message.</param>
/// <param name="IsAwaited">Whether somebody waits for it.</param>
internal readonly record struct WaitingRecord(byte[] Bytes, int PaddedBytes, ulong Number, bool TakesSpace, bool IsAwaited);
