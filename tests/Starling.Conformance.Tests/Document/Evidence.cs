using Starling.Conformance.Running;

namespace Starling.Conformance.Tests.Document;

/// <summary>Everything that speaks for one statement.</summary>
/// <param name="Server">What the cases say of Starling as a server, all its runs together.</param>
/// <param name="Cases">The cases that say so, in their order.</param>
/// <param name="Client">What the cases say of Starling's client; null when there is none.</param>
/// <param name="ClientCases">The cases that say so.</param>
/// <param name="Inside">The tests that prove it inside, where nothing can be seen from outside.</param>
/// <param name="Reason">Why nothing proves it; null when something does.</param>
internal sealed record Evidence(
    Verdict Server, IReadOnlyList<string> Cases, Verdict? Client, IReadOnlyList<string> ClientCases, IReadOnlyList<string> Inside, string? Reason)
{
    /// <summary>Whether something speaks for the statement.</summary>
    public bool IsProved => Server != Verdict.NotTested || Client is not null || Inside.Count > 0;

    /// <summary>Whether nothing speaks for the statement, and no reason is given either.</summary>
    public bool IsMissing => !IsProved && Reason is null;
}
