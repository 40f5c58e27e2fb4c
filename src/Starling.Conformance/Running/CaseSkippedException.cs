namespace Starling.Conformance.Running;

/// <summary>The case cannot be run here; the message says what it would need.</summary>
internal sealed class CaseSkippedException(string message) : Exception(message);
