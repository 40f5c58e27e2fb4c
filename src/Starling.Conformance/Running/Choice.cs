namespace Starling.Conformance.Running;

/// <summary>What a server does where the specification leaves it open.</summary>
/// <param name="Question">What it could decide.</param>
/// <param name="Answer">How it decided.</param>
internal sealed record Choice(string Question, string Answer);
