namespace Starling.Conformance.Inspection;

/// <summary>A rule that every packet a server sends is held against, whichever case it came in.</summary>
/// <param name="Name">What the rule says, as a sentence.</param>
/// <param name="Statements">The statements that are broken when it is.</param>
internal sealed record InspectionRule(string Name, params string[] Statements);
