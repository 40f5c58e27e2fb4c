using System.Text;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>Turns received packets into messages that own their bytes. Keeps the last topic, which most often is the next one too.</summary>
internal sealed class MessageDecoder
{
    private string _lastTopic = string.Empty;
    private uint[] _lastIdentifier = [];

    /// <summary>The topic of the last message in UTF-8. It is never changed.</summary>
    public byte[] LastTopicBytes { get; private set; } = [];

    /// <summary>Reads a message.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="topicBytes">Its topic, with the alias resolved.</param>
    /// <param name="subscriptionIdentifiers">The Subscription Identifiers; empty when there are none.</param>
    public MqttMessage Decode(scoped in PublishPacket packet, scoped ReadOnlySpan<byte> topicBytes, out uint[] subscriptionIdentifiers)
    {
        MessageProperties properties = new();
        subscriptionIdentifiers = packet.Properties.IsEmpty ? [] : Read(packet.Properties, ref properties);
        return new MqttMessage
        {
            Topic = DecodeTopic(topicBytes),
            Payload = packet.Payload.ToArray(),
            Qos = packet.Qos,
            Retain = packet.Retain,
            Expiry = packet.MessageExpiryIntervalSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ContentType = properties.ContentType,
            ResponseTopic = properties.ResponseTopic,
            CorrelationData = properties.CorrelationData,
            PayloadIsUtf8 = properties.IsUtf8,
            UserProperties = properties.HasUserProperties ? DecodeUserProperties(packet.Properties) : UserProperties.Empty,
        };
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

    private uint[] Read(ReadOnlySpan<byte> block, ref MessageProperties properties)
    {
        uint[] subscriptionIdentifiers = [];
        PropertyReader reader = new(block);
        while (reader.TryRead(out PropertyEntry entry))
        {
            switch (entry.Id)
            {
                case PropertyId.ContentType:
                    properties.ContentType = Encoding.UTF8.GetString(entry.Value);
                    break;
                case PropertyId.ResponseTopic:
                    properties.ResponseTopic = Encoding.UTF8.GetString(entry.Value);
                    break;
                case PropertyId.CorrelationData:
                    properties.CorrelationData = entry.Value.ToArray();
                    break;
                case PropertyId.PayloadFormatIndicator:
                    properties.IsUtf8 = entry.Number == 1;
                    break;
                case PropertyId.UserProperty:
                    properties.HasUserProperties = true;
                    break;
                case PropertyId.SubscriptionIdentifier:
                    subscriptionIdentifiers = subscriptionIdentifiers.Length == 0 ? One(entry.Number) : [.. subscriptionIdentifiers, entry.Number];
                    break;
                default:
                    break;
            }
        }

        return subscriptionIdentifiers;
    }

    // Most messages are for the same subscription as the one before.
    private uint[] One(uint subscriptionIdentifier)
    {
        if (_lastIdentifier.Length == 0 || _lastIdentifier[0] != subscriptionIdentifier)
        {
            _lastIdentifier = [subscriptionIdentifier];
        }

        return _lastIdentifier;
    }

    private string DecodeTopic(scoped ReadOnlySpan<byte> topic)
    {
        if (!topic.SequenceEqual(LastTopicBytes))
        {
            LastTopicBytes = topic.ToArray();
            _lastTopic = Encoding.UTF8.GetString(topic);
        }

        return _lastTopic;
    }

    private struct MessageProperties
    {
        public string? ContentType;
        public string? ResponseTopic;
        public byte[]? CorrelationData;
        public bool? IsUtf8;
        public bool HasUserProperties;
    }
}
