namespace Starling.Conformance.Inspection;

/// <summary>A packet of the server that broke a rule.</summary>
internal sealed record Breach(InspectionRule Rule, string What);
