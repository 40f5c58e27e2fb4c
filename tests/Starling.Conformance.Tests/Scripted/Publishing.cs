using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>What PUBLISH of a client leads to.</summary>
internal static class Publishing
{
    public static void OnPublish(ScriptedConnection connection, ScriptedSession session, int flags, FieldReader reader)
    {
        int qos = (flags >> 1) & 3;
        bool isDuplicate = (flags & 8) != 0;
        Demand(qos < 3 || connection.Has(Fault.PublishQos3Tolerated), ReasonCode.MalformedPacket);
        Demand(qos > 0 || !isDuplicate, ReasonCode.MalformedPacket);
        string topic = reader.Text(Fault.IllFormedTopicNameTolerated);
        int identifier = qos > 0 ? reader.Identifier(Fault.PublishIdentifierZeroTolerated) : 0;
        PropertyList properties = connection.IsV5 ? reader.Properties(PacketType.Publish) : PropertyList.Empty;
        byte[] payload = reader.Rest();
        qos = Math.Min(qos, 2);
        topic = connection.Aliases.Resolve(topic, (int)properties.Number(PropertyId.TopicAlias, 0), connection.Fault);
        Demand(topic.Length > 0 || connection.Has(Fault.EmptyTopicTolerated), ReasonCode.ProtocolError);
        Demand(topic.Length == 0 || Topics.IsName(topic) || connection.Has(Fault.TopicWildcardsTolerated), ReasonCode.TopicNameInvalid);
        DemandWindow(connection, qos, identifier);
        ScriptedMessage message = new(topic, payload, qos, (flags & 1) != 0, connection.Server.Clock.Now)
        {
            Publisher = session.ClientIdentifier,
            Duplicate = isDuplicate,
            Properties = ScriptedMessage.Forwardable(properties, connection.Fault, isWill: false),
            Expiry = properties.Has(PropertyId.MessageExpiryInterval) ? (uint)properties.Number(PropertyId.MessageExpiryInterval, 0) : null,
        };
        if (Take(connection, session, message, identifier) is { } reason)
        {
            Answer(connection, message, identifier, reason);
        }
    }

    private static void DemandWindow(ScriptedConnection connection, int qos, int identifier)
    {
        if (qos == 2 && connection.IsV5 && !connection.OpenIdentifiers.Contains(identifier))
        {
            bool isFull = connection.OpenIdentifiers.Count >= ScriptedServer.ReceiveMaximum;
            Demand(!isFull || connection.Has(Fault.ReceiveMaximumOfServerIgnored), ReasonCode.ReceiveMaximumExceeded);
        }
    }

    /// <summary>Gives a message to whom it concerns.</summary>
    /// <returns>What is answered; null for nothing.</returns>
    private static ReasonCode? Take(ScriptedConnection connection, ScriptedSession session, ScriptedMessage message, int identifier)
    {
        if (Topics.IsDenied(message.Topic))
        {
            if (connection.Has(Fault.DeniedPublishDelivered))
            {
                connection.Server.Publish(message);
            }

            if (connection.Has(Fault.DeniedPublishUnanswered) && !connection.IsV5)
            {
                return null;
            }

            return connection.IsV5 ? ReasonCode.NotAuthorized : ReasonCode.Success;
        }

        bool isRepeat = message.Qos switch
        {
            1 => message.Duplicate && connection.Has(Fault.DuplicateQos1Dropped),
            2 => !session.ReceivedIdentifiers.Add(identifier) && !connection.Has(Fault.RepeatedQos2Delivered),
            _ => false,
        };
        if (message.Qos == 2)
        {
            connection.OpenIdentifiers.Add(identifier);
        }

        if (isRepeat)
        {
            return ReasonCode.Success;
        }

        bool isMatched = connection.Server.Publish(message);
        return isMatched || !connection.IsV5 ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers;
    }

    private static void Answer(ScriptedConnection connection, ScriptedMessage message, int identifier, ReasonCode reason)
    {
        if (message.Qos == 0)
        {
            if (connection.Has(Fault.UnwantedQos0Answered) && !connection.Server.IsWanted(message.Topic))
            {
                connection.Replies.Acknowledge(PacketType.PubAck, 1, ReasonCode.Success);
            }

            return;
        }

        PacketType type = message.Qos == 1 ? PacketType.PubAck : PacketType.PubRec;
        Fault reversed = message.Qos == 1 ? Fault.PubAcksReversed : Fault.PubRecsReversed;
        if (connection.Has(reversed))
        {
            connection.AnswerLater(() => connection.Replies.Acknowledge(type, identifier, reason));
        }
        else
        {
            connection.Replies.Acknowledge(type, identifier, reason);
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
