using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>The topic aliases that the peer has set on one connection; nothing is kept until the first is used.</summary>
internal struct TopicAliases
{
    private byte[]?[]? _topics;

    /// <summary>Puts the topic in place of the alias, or remembers it.</summary>
    public bool TryResolve(ref PublishPacket packet, int maximum, out ProtocolViolation violation)
    {
        violation = default;
        if (packet.TopicAlias == 0)
        {
            return true;
        }

        // No alias above the announced maximum; with a maximum of 0 there are none [MQTT-3.3.2-9], [MQTT-3.2.2-18].
        if (packet.TopicAlias > maximum)
        {
            violation = new ProtocolViolation(ReasonCode.TopicAliasInvalid, "MQTT-3.3.2-9");
            return false;
        }

        _topics ??= new byte[maximum][];
        ref byte[]? topic = ref _topics[packet.TopicAlias - 1];
        if (!packet.Topic.IsEmpty)
        {
            // A topic that comes with a known alias gives the alias that new meaning [U5-22].
            if (topic is null || !packet.Topic.SequenceEqual(topic))
            {
                topic = packet.Topic.ToArray();
            }

            return true;
        }

        if (topic is null)
        {
            // An empty topic needs an alias that has been set on this connection [U5-21].
            violation = new ProtocolViolation(ReasonCode.ProtocolError, "U5-21");
            return false;
        }

        packet.Topic = topic;
        return true;
    }
}
