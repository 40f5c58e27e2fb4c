namespace Starling.Cli.Mosquitto;

/// <summary>Takes over the value of a flag; the text is what is wrong with it, in the words of mosquitto, or null.</summary>
internal delegate string? TakeValue(MosquittoSettings settings, string value);

/// <summary>One flag of mosquitto's tools.</summary>
/// <param name="Name">The first of its names.</param>
/// <param name="Alias">The other; the same as the first when it has none.</param>
/// <param name="Tools">Which tools know it.</param>
/// <param name="Lacking">What mosquitto says is missing when the value is; null for a flag without a value.</param>
/// <param name="Take">Takes it over.</param>
internal sealed record MosquittoFlag(string Name, string Alias, MosquittoTool Tools, string? Lacking, TakeValue Take)
{
    /// <summary>What the message about a missing value calls it.</summary>
    public string Shown => Name == "-V" ? Alias : Name;
}
