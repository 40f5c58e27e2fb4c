using Starling.Protocol.Connections;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>Turns messages of the application into fields of packets.</summary>
internal static class MessageEncoder
{
    /// <summary>The property block of a message, without Message Expiry Interval; null when there are none.</summary>
    /// <exception cref="ArgumentException">A text is none.</exception>
    public static byte[]? EncodeProperties(MqttMessage message)
    {
        if (message.PayloadIsUtf8 is null && message.ContentType is null && message.ResponseTopic is null
            && message.CorrelationData.IsEmpty && message.UserProperties.Count == 0)
        {
            return null;
        }

        PropertyList list = new();
        if (message.PayloadIsUtf8 is { } isUtf8)
        {
            list.Add(PropertyId.PayloadFormatIndicator, isUtf8 ? 1u : 0u);
        }

        if (message.ContentType is { } contentType)
        {
            list.Add(PropertyId.ContentType, MqttText.Encode(contentType, nameof(message)));
        }

        if (message.ResponseTopic is { } responseTopic)
        {
            // The topic to answer to is a name [MQTT-3.3.2-14].
            list.Add(PropertyId.ResponseTopic, MqttText.EncodeTopic(responseTopic, nameof(message)));
        }

        if (!message.CorrelationData.IsEmpty)
        {
            list.Add(PropertyId.CorrelationData, message.CorrelationData.Span);
        }

        list.Add(message.UserProperties);
        return list.ToArray();
    }

    /// <summary>User Properties in wire form.</summary>
    public static byte[] EncodeUserProperties(UserProperties properties)
    {
        PropertyList list = new();
        list.Add(properties);
        return list.ToArray();
    }

    /// <summary>The Will with its properties.</summary>
    public static ClientWill EncodeWill(MqttMessage message, TimeSpan delay)
    {
        PropertyList list = new();
        if (delay > TimeSpan.Zero)
        {
            list.Add(PropertyId.WillDelayInterval, Seconds(delay));
        }

        if (message.Expiry is { } expiry)
        {
            list.Add(PropertyId.MessageExpiryInterval, Seconds(expiry));
        }

        return new ClientWill
        {
            Topic = MqttText.EncodeTopic(message.Topic, nameof(message)),
            Payload = message.Payload,
            Qos = message.Qos,
            Retain = message.Retain,
            Properties = (byte[])[.. list.ToArray(), .. EncodeProperties(message) ?? []],
        };
    }

    /// <summary>Whole seconds, rounded up, as intervals are sent.</summary>
    public static uint Seconds(TimeSpan interval)
    {
        double seconds = Math.Ceiling(interval.TotalSeconds);
        return seconds >= uint.MaxValue ? uint.MaxValue : (uint)Math.Max(0, seconds);
    }

    /// <summary>A property block that grows.</summary>
    private sealed class PropertyList
    {
        private readonly List<byte> _bytes = [];

        public void Add(PropertyId id, uint number)
        {
            Span<byte> bytes = stackalloc byte[PropertyWriter.GetByteCount(id, number)];
            PropertyWriter.Write(bytes, id, number);
            _bytes.AddRange(bytes);
        }

        public void Add(PropertyId id, ReadOnlySpan<byte> value)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, ushort.MaxValue, nameof(value));
            byte[] bytes = new byte[PropertyWriter.GetByteCount(value)];
            PropertyWriter.Write(bytes, id, value);
            _bytes.AddRange(bytes);
        }

        public void Add(UserProperties properties)
        {
            foreach (UserProperty property in properties)
            {
                byte[] name = MqttText.Encode(property.Name, nameof(properties));
                byte[] value = MqttText.Encode(property.Value, nameof(properties));
                byte[] bytes = new byte[PropertyWriter.GetByteCount(name, value)];
                PropertyWriter.WriteUserProperty(bytes, name, value);
                _bytes.AddRange(bytes);
            }
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
