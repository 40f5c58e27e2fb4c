using System.Text;
using Starling.Client;
using Starling.Protocol.Topics;
using TopicMatch = Starling.Protocol.Topics.TopicFilter;

namespace Starling.Cli.Commands;

/// <summary>
/// One copy for several overlapping filters is given to the subscription of each; the first one takes it. A copy that names one
/// subscription is that one's own.
/// </summary>
internal sealed class OverlapCheck(IEnumerable<string> filters)
{
    private readonly byte[]?[] _filters = [.. filters.Select(MatchedPart)];

    /// <summary>The filter at this place is not subscribed to.</summary>
    public void Remove(int place) => _filters[place] = null;

    /// <summary>Whether a filter before this place has taken the message.</summary>
    public bool IsTakenBefore(int place, MqttDelivery delivery)
    {
        if (place == 0 || delivery.SubscriptionIdentifiers.Count == 1)
        {
            return false;
        }

        byte[] topic = Encoding.UTF8.GetBytes(delivery.Message.Topic);
        return _filters.Take(place).Any(filter => filter is not null && TopicMatch.Matches(filter, topic));
    }

    private static byte[] MatchedPart(string filter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(filter);
        return SharedFilter.TryParse(bytes, out _, out ReadOnlySpan<byte> matched) ? matched.ToArray() : bytes;
    }
}
