using Starling.Protocol;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>The Topic Aliases that a client has set on its connection.</summary>
internal sealed class IncomingAliases
{
    private readonly Dictionary<int, string> _topics = [];

    /// <summary>The topic of a PUBLISH with this topic and alias.</summary>
    public string Resolve(string topic, int alias, Fault fault)
    {
        if (alias == 0)
        {
            return topic;
        }

        int maximum = fault == Fault.TopicAliasOfMaximumRefused ? ScriptedServer.TopicAliasMaximum - 1 : ScriptedServer.TopicAliasMaximum;
        Demand(alias <= maximum || fault == Fault.TopicAliasAboveMaximumTolerated, ReasonCode.TopicAliasInvalid);
        if (topic.Length > 0)
        {
            if (fault != Fault.TopicAliasNotRemapped || !_topics.ContainsKey(alias))
            {
                _topics[alias] = topic;
            }

            return topic;
        }

        string fallback = fault == Fault.UnknownTopicAliasTolerated ? "unknown" : "";
        string known = _topics.GetValueOrDefault(alias, fallback);
        Demand(known.Length > 0, ReasonCode.ProtocolError);
        return known;
    }

    /// <summary>Takes over what another connection has set.</summary>
    public void Copy(IncomingAliases other)
    {
        foreach ((int alias, string topic) in other._topics)
        {
            _topics[alias] = topic;
        }
    }

    private static void Demand(bool condition, ReasonCode reason)
    {
        if (!condition)
        {
            throw new RefusalException(reason);
        }
    }
}
