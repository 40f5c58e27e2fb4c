using System.Buffers.Binary;
using Starling.Bench.Checking;
using Starling.Bench.Settings;
using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Bench.Loads;

/// <summary>
/// How requests are answered. In 5.0 the request says where the answer goes and by what it is known; in 3.x, which has no such
/// properties, the topic of the answer follows from the number of the requester.
/// </summary>
internal sealed class RequestTable(TopicPattern answerTopics, MqttVersion version, QualityOfService qos)
{
    /// <summary>Answers a request with its own payload.</summary>
    /// <param name="responder">Who answers.</param>
    /// <param name="request">The request.</param>
    /// <param name="header">Its header.</param>
    /// <param name="loop">The loop of the responder.</param>
    public void Answer(LoadClient responder, scoped in PublishPacket request, in MessageHeader header, LoadLoop loop)
    {
        ReadOnlySpan<byte> topic = default;
        ReadOnlySpan<byte> correlation = default;
        PropertyReader reader = new(request.Properties);
        while (reader.TryRead(out PropertyEntry entry))
        {
            topic = entry.Id == PropertyId.ResponseTopic ? entry.Value : topic;
            correlation = entry.Id == PropertyId.CorrelationData ? entry.Value : correlation;
        }

        if (topic.IsEmpty && version != MqttVersion.V5)
        {
            topic = answerTopics.For(header.Publisher).Name(0);
        }

        if (topic.IsEmpty)
        {
            loop.Metrics.Counters.Foreign++;
            return;
        }

        Span<byte> properties = correlation.IsEmpty ? default : loop.Filler.AsSpan(0, PropertyWriter.GetByteCount(correlation));
        if (!correlation.IsEmpty)
        {
            PropertyWriter.Write(properties, PropertyId.CorrelationData, correlation);
        }

        if (qos == QualityOfService.AtMostOnce)
        {
            loop.Answers.Append(new PublishPacket { Topic = topic, Properties = properties, Payload = request.Payload }, version);
        }
        else
        {
            responder.Session.Add(new OutgoingMessage
            {
                Topic = topic.ToArray(),
                Properties = properties.ToArray(),
                Payload = request.Payload.ToArray(),
                Qos = qos,
            });
        }
    }

    /// <summary>Whether an answer carries the Correlation Data of its request, which is the number of the message.</summary>
    public bool IsAnswer(scoped in PublishPacket answer, in MessageHeader header)
    {
        if (version != MqttVersion.V5)
        {
            return true;
        }

        PropertyReader reader = new(answer.Properties);
        while (reader.TryRead(out PropertyEntry entry))
        {
            if (entry.Id == PropertyId.CorrelationData)
            {
                return BinaryPrimitives.TryReadInt64BigEndian(entry.Value, out long sequence) && sequence == header.Sequence;
            }
        }

        return false;
    }
}
