using System.Text;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>Turns received packets into messages that own their bytes. Keeps the last topic, which most often is the next one too.</summary>
internal sealed class MessageDecoder
{
    private byte[] _lastTopicBytes = [];
    private string _lastTopic = string.Empty;

    /// <summary>Reads a message.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="topicBytes">Its topic, with the alias resolved.</param>
    /// <param name="subscriptionIdentifiers">The Subscription Identifiers; empty when there are none.</param>
    public MqttMessage Decode(scoped in PublishPacket packet, scoped ReadOnlySpan<byte> topicBytes, out uint[] subscriptionIdentifiers)
    {
        MqttMessage message = new()
        {
            Topic = DecodeTopic(topicBytes),
            Payload = packet.Payload.ToArray(),
            Qos = packet.Qos,
            Retain = packet.Retain,
            Expiry = packet.MessageExpiryIntervalSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        subscriptionIdentifiers = [];
        return packet.Properties.IsEmpty ? message : WithProperties(message, packet.Properties, ref subscriptionIdentifiers);
    }

    /// <summary>Reads the User Properties of a block.</summary>
    public static UserProperties DecodeUserProperties(ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            return [];
        }

        List<UserProperty> properties = [];
        UserPropertyReader reader = new(block);
        while (reader.TryRead(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            properties.Add(new UserProperty(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value)));
        }

        return [.. properties];
    }

    /// <summary>Reads a text that is absent when empty.</summary>
    public static string? DecodeText(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : Encoding.UTF8.GetString(bytes);

    private static MqttMessage WithProperties(MqttMessage message, ReadOnlySpan<byte> block, ref uint[] subscriptionIdentifiers)
    {
        string? contentType = null;
        string? responseTopic = null;
        byte[] correlationData = [];
        bool? isUtf8 = null;
        PropertyReader reader = new(block);
        while (reader.TryRead(out PropertyEntry entry))
        {
            switch (entry.Id)
            {
                case PropertyId.ContentType:
                    contentType = Encoding.UTF8.GetString(entry.Value);
                    break;
                case PropertyId.ResponseTopic:
                    responseTopic = Encoding.UTF8.GetString(entry.Value);
                    break;
                case PropertyId.CorrelationData:
                    correlationData = entry.Value.ToArray();
                    break;
                case PropertyId.PayloadFormatIndicator:
                    isUtf8 = entry.Number == 1;
                    break;
                case PropertyId.SubscriptionIdentifier:
                    subscriptionIdentifiers = [.. subscriptionIdentifiers, entry.Number];
                    break;
                default:
                    break;
            }
        }

        return message with
        {
            ContentType = contentType,
            ResponseTopic = responseTopic,
            CorrelationData = correlationData,
            PayloadIsUtf8 = isUtf8,
            UserProperties = DecodeUserProperties(block),
        };
    }

    private string DecodeTopic(scoped ReadOnlySpan<byte> topic)
    {
        if (!topic.SequenceEqual(_lastTopicBytes))
        {
            _lastTopicBytes = topic.ToArray();
            _lastTopic = Encoding.UTF8.GetString(topic);
        }

        return _lastTopic;
    }
}
