using Starling.Protocol;

namespace Starling.Conformance.Inspection;

/// <summary>A rule that every packet a server sends is held against, whichever case it came in.</summary>
/// <param name="Name">What the rule says, as a sentence.</param>
/// <param name="Statements">The statements that are broken when it is.</param>
internal sealed record InspectionRule(string Name, params string[] Statements)
{
    /// <summary>The types of packet that it is about: without one of them it says nothing. None: every packet.</summary>
    public IReadOnlyList<PacketType> Packets { get; init; } = [];
}
