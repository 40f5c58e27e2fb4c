using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>The Topic Aliases that a server has set on one connection.</summary>
internal sealed class ReceivedAliases
{
    private readonly Dictionary<long, string> _topics = [];

    /// <summary>The topic of a message, by its name or by its alias.</summary>
    public string TopicOf(CaseRun run, WirePacket message)
    {
        if (message.Number(PropertyId.TopicAlias) is not { } alias)
        {
            return message.Topic;
        }

        if (message.Topic.Length > 0)
        {
            _topics[alias] = message.Topic;
            return message.Topic;
        }

        run.Require(_topics.TryGetValue(alias, out string? topic), $"{message} uses alias {alias}, which the server has not set");
        return topic;
    }
}
