namespace Starling.Client.Tests;

/// <summary>A reply of a test.</summary>
internal sealed record Receipt(int Id);
