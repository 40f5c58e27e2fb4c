namespace Starling.Conformance.Targets;

/// <summary>Nobody takes connections at the target: it was never there, or it has gone. Says nothing about any statement.</summary>
internal sealed class TargetLostException(string message, Exception? inner = null) : Exception(message, inner);
