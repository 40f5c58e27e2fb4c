namespace Starling.Samples.Tests;

/// <summary>The test has seen enough of a sample that would run for ever.</summary>
internal sealed class EnoughException : Exception;
