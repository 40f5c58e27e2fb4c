using Starling.Bench.Loads;

namespace Starling.Bench.Stages;

/// <summary>How clients connect.</summary>
internal sealed record OpenPlan
{
    /// <summary>What it is, for people and for the section.</summary>
    public required string Name { get; init; }

    /// <summary>Clients a second; 0: as many as are allowed at a time.</summary>
    public double PerSecond { get; init; }

    /// <summary>Whether it is a section of the results.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Messages that the server has for them and that are waited for.</summary>
    public long Deliveries { get; init; }

    /// <summary>Changes each client before; null for nothing.</summary>
    public Action<LoadClient>? Prepare { get; init; }
}
