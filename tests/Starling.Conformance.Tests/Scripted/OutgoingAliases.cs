namespace Starling.Conformance.Tests.Scripted;

/// <summary>The Topic Aliases that the server has set on a connection: the first topics get one, as many as the client takes.</summary>
internal sealed class OutgoingAliases
{
    private readonly Dictionary<string, int> _aliases = [];

    /// <summary>The alias of a topic, 0 for none, and whether the client knows it.</summary>
    public (int Alias, bool IsKnown) Find(string topic, int maximum)
    {
        if (_aliases.TryGetValue(topic, out int alias))
        {
            return (alias, true);
        }

        return _aliases.Count < maximum ? (_aliases.Count + 1, false) : (0, false);
    }

    public void Set(string topic, int alias) => _aliases[topic] = alias;
}
