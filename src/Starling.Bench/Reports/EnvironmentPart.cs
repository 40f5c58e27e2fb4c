namespace Starling.Bench.Reports;

/// <summary>Where a run was made, in a JSON file.</summary>
/// <param name="Cores">Processors of the machine.</param>
/// <param name="System">The operating system.</param>
/// <param name="Architecture">Of the processor.</param>
/// <param name="Runtime">What the tool runs on.</param>
internal sealed record EnvironmentPart(int Cores, string System, string Architecture, string Runtime);
