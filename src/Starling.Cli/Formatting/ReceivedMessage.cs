using System.Text;
using Starling.Client;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Cli.Formatting;

/// <summary>A message as it is printed: what the packet said, whoever received it.</summary>
internal sealed record ReceivedMessage
{
    public required byte[] Topic { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required QualityOfService Qos { get; init; }

    public required bool Retain { get; init; }

    /// <summary>0 at QoS 0.</summary>
    public required ushort PacketIdentifier { get; init; }

    /// <summary>In the order in which they came; null where the version has none.</summary>
    public IReadOnlyList<ReceivedProperty>? Properties { get; init; }

    /// <summary>Takes over what a client delivered.</summary>
    public static ReceivedMessage Create(MqttDelivery delivery, MqttVersion version)
    {
        MqttMessage message = delivery.Message;
        return new ReceivedMessage
        {
            Topic = Encoding.UTF8.GetBytes(message.Topic),
            Payload = message.Payload,
            Qos = message.Qos,
            Retain = message.Retain,
            PacketIdentifier = delivery.PacketIdentifier,
            Properties = version == MqttVersion.V5 ? Collect(message) : null,
        };
    }

    /// <summary>The first property with this identifier; null when there is none.</summary>
    public ReceivedProperty? Find(PropertyId id) => Properties?.FirstOrDefault(property => property.Id == id);

    // Without Subscription Identifiers: those are the client library's own, nobody has asked for one.
    private static List<ReceivedProperty> Collect(MqttMessage message)
    {
        List<ReceivedProperty> properties = [];
        if (message.PayloadIsUtf8 is { } isText)
        {
            properties.Add(new ReceivedProperty(PropertyId.PayloadFormatIndicator) { Number = isText ? 1U : 0 });
        }

        if (message.Expiry is { } expiry)
        {
            properties.Add(new ReceivedProperty(PropertyId.MessageExpiryInterval) { Number = (uint)expiry.TotalSeconds });
        }

        if (message.ContentType is { } type)
        {
            properties.Add(new ReceivedProperty(PropertyId.ContentType) { Value = Encoding.UTF8.GetBytes(type) });
        }

        if (message.ResponseTopic is { } response)
        {
            properties.Add(new ReceivedProperty(PropertyId.ResponseTopic) { Value = Encoding.UTF8.GetBytes(response) });
        }

        if (!message.CorrelationData.IsEmpty)
        {
            properties.Add(new ReceivedProperty(PropertyId.CorrelationData) { Value = message.CorrelationData.ToArray() });
        }

        properties.AddRange(message.UserProperties.Select(pair => new ReceivedProperty(PropertyId.UserProperty)
        {
            Name = Encoding.UTF8.GetBytes(pair.Name),
            Value = Encoding.UTF8.GetBytes(pair.Value),
        }));
        return properties;
    }
}
