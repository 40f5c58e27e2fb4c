namespace Starling.Conformance.Running;

/// <summary>The target broke the rule that a case is about. The message says what was due and what came.</summary>
internal sealed class CaseFailedException(string message) : Exception(message);
