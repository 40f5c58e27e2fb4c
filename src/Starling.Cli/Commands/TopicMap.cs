namespace Starling.Cli.Commands;

/// <summary>Replaces the begin of topics: the first pair that fits.</summary>
internal sealed class TopicMap(IReadOnlyList<(string Old, string New)> pairs)
{
    public string Map(string topic)
    {
        foreach ((string old, string replacement) in pairs)
        {
            if (topic.StartsWith(old, StringComparison.Ordinal))
            {
                return replacement + topic[old.Length..];
            }
        }

        return topic;
    }
}
