namespace Starling.Conformance.Running;

/// <summary>Why a run could not be finished. None of these says anything about a statement.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Message">What happened, in words, and what to do.</param>
internal sealed record SuiteAbort(SuiteAbortKind Kind, string Message);
