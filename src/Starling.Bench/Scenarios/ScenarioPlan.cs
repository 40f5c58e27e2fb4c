using Starling.Bench.Stages;

namespace Starling.Bench.Scenarios;

/// <summary>What a run goes through.</summary>
/// <param name="Stages">The stages in order.</param>
/// <param name="GoodBye">The first of those that a run which ends early still goes through.</param>
internal sealed record ScenarioPlan(IReadOnlyList<IStage> Stages, int GoodBye);
