namespace Starling.Storage;

/// <summary>How far a long operation is.</summary>
/// <param name="Stage">What it does now, in one or two words.</param>
/// <param name="DoneBytes">Bytes of this stage that are done.</param>
/// <param name="TotalBytes">Bytes of this stage; 0: not known.</param>
/// <param name="Items">Things (records, sessions, messages) of this stage that are done.</param>
public readonly record struct StoreProgress(string Stage, long DoneBytes, long TotalBytes, long Items);
