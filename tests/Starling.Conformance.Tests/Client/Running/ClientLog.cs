using Starling.Conformance.Inspection;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>What is known of one client over all its connections, and what it has done wrong.</summary>
internal sealed class ClientLog(InspectionLog breaches)
{
    public InspectionLog Breaches => breaches;

    public OpenIdentifiers Identifiers { get; } = new(breaches);
}
