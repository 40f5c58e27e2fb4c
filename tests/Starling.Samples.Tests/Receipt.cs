namespace Starling.Samples.Tests;

/// <summary>What the samples get.</summary>
internal sealed record Receipt(int OrderId);
