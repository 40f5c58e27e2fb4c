using Starling.Hosting.Settings;

namespace Starling.Cli.Contexts;

/// <summary>All that the file of contexts holds.</summary>
/// <param name="Current">The one that is meant when none is named; null: none.</param>
/// <param name="Contexts">In the order of the file.</param>
internal sealed record ContextSet(string? Current, IReadOnlyList<SavedContext> Contexts)
{
    public static readonly ContextSet Empty = new(null, []);

    public SavedContext? Find(string name) => Contexts.FirstOrDefault(context => context.Name == name);

    /// <summary>What to say to somebody who names one that is not there.</summary>
    public string ExplainMissing(string name)
    {
        IEnumerable<string> names = Contexts.Select(context => context.Name);
        string hint = NearestName.Of(name, names) is string meant ? $"did you mean {meant}?"
            : Contexts.Count == 0 ? "there is none yet; `starling context add NAME` makes one."
            : "`starling context ls` lists them.";
        return $"there is no context {name}; {hint}";
    }

    /// <summary>The same with this one in it, in the place of one of its name.</summary>
    public ContextSet With(SavedContext context) => Find(context.Name) is null
        ? this with { Contexts = [.. Contexts, context] }
        : this with { Contexts = [.. Contexts.Select(old => old.Name == context.Name ? context : old)] };

    /// <summary>The same without this one.</summary>
    public ContextSet Without(string name) =>
        new(Current == name ? null : Current, [.. Contexts.Where(context => context.Name != name)]);
}
