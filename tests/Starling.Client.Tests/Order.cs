namespace Starling.Client.Tests;

/// <summary>A payload of a test.</summary>
internal sealed record Order(int Id, string Name);
