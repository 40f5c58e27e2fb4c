namespace Starling.Samples.Tests;

/// <summary>What the samples send.</summary>
internal sealed record Order(int Id);
