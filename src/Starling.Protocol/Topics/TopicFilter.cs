namespace Starling.Protocol.Topics;

/// <summary>The rules for Topic Filters, given as UTF-8 that has been checked already.</summary>
public static class TopicFilter
{
    /// <summary>
    /// Whether the filter has 1 to 65535 bytes and its wildcards stand where they may. A Shared Subscription is judged by
    /// <see cref="SharedFilter.TryParse"/>.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> filter)
    {
        if (filter.Length is 0 or > ushort.MaxValue)
        {
            return false;
        }

        while (true)
        {
            int slash = filter.IndexOf((byte)'/');
            ReadOnlySpan<byte> level = slash < 0 ? filter : filter[..slash];

            // A wildcard fills its whole level [MQTT-4.7.1-2] [MQTT311-4.7.1-3], and # is the last one [MQTT-4.7.1-1] [MQTT311-4.7.1-2].
            if (TopicName.HasWildcards(level) && (level.Length != 1 || (level[0] == '#' && slash >= 0)))
            {
                return false;
            }

            if (slash < 0)
            {
                return true;
            }

            filter = filter[(slash + 1)..];
        }
    }

    /// <summary>Whether the filter has a wildcard.</summary>
    public static bool HasWildcards(ReadOnlySpan<byte> filter) => TopicName.HasWildcards(filter);

    /// <summary>
    /// Whether a valid filter matches a valid Topic Name, byte by byte without any normalization [MQTT-4.7.3-4] [MQTT311-4.7.3-4].
    /// Trees answer the same question faster for many filters; this is what they are checked against.
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        // Names that begin with $ belong to the server; a wildcard at the front does not reach them [MQTT-4.7.2-1] [MQTT311-4.7.2-1].
        if (topic[0] == '$' && filter[0] is ((byte)'+' or (byte)'#'))
        {
            return false;
        }

        return MatchesLevels(filter, topic);
    }

    private static bool MatchesLevels(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        while (true)
        {
            if (filter is [(byte)'#'])
            {
                return true;
            }

            int filterSlash = filter.IndexOf((byte)'/');
            int topicSlash = topic.IndexOf((byte)'/');
            ReadOnlySpan<byte> filterLevel = filterSlash < 0 ? filter : filter[..filterSlash];
            ReadOnlySpan<byte> topicLevel = topicSlash < 0 ? topic : topic[..topicSlash];
            if (filterLevel is not [(byte)'+'] && !filterLevel.SequenceEqual(topicLevel))
            {
                return false;
            }

            if (filterSlash < 0 || topicSlash < 0)
            {
                // "a/#" matches "a" too: # stands for the parent level as well.
                return filterSlash < 0 ? topicSlash < 0 : filter[(filterSlash + 1)..] is [(byte)'#'];
            }

            filter = filter[(filterSlash + 1)..];
            topic = topic[(topicSlash + 1)..];
        }
    }
}
