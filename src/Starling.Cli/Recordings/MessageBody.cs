using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Recordings;

/// <summary>A message as the body of a frame: flags, topic, the properties that are there, and the payload to the end.</summary>
internal static class MessageBody
{
    private const byte RetainBit = 4;
    private const byte QosBits = 3;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Write(MqttMessage message, ArrayBufferWriter<byte> target)
    {
        Properties properties = PropertiesOf(message);
        target.Write([(byte)((byte)message.Qos | (message.Retain ? RetainBit : 0)), (byte)properties]);
        WriteText(message.Topic, target);
        WriteText(message.ContentType, target);
        WriteText(message.ResponseTopic, target);
        if (properties.HasFlag(Properties.Correlation))
        {
            WriteBytes(message.CorrelationData.Span, target);
        }

        if (message.Expiry is TimeSpan expiry)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target.GetSpan(sizeof(uint)), (uint)Math.Clamp(expiry.TotalSeconds, 0, uint.MaxValue));
            target.Advance(sizeof(uint));
        }

        if (message.UserProperties.Count > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(sizeof(int)), message.UserProperties.Count);
            target.Advance(sizeof(int));
            foreach (UserProperty property in message.UserProperties)
            {
                WriteText(property.Name, target);
                WriteText(property.Value, target);
            }
        }

        target.Write(message.Payload.Span);
    }

    /// <summary>Reads a body; false when it is none. The message has bytes of its own.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out MqttMessage? message)
    {
        message = null;
        if (body.Length < 2 || (body[0] & ~(QosBits | RetainBit)) != 0 || (body[0] & QosBits) == QosBits || body[1] > (byte)Properties.All)
        {
            return false;
        }

        BodyReader reader = new(body[2..]);
        Properties properties = (Properties)body[1];
        try
        {
            MqttMessage read = new()
            {
                Topic = reader.Text(Utf8),
                Qos = (QualityOfService)(body[0] & QosBits),
                Retain = (body[0] & RetainBit) != 0,
                ContentType = properties.HasFlag(Properties.ContentType) ? reader.Text(Utf8) : null,
                ResponseTopic = properties.HasFlag(Properties.ResponseTopic) ? reader.Text(Utf8) : null,
                CorrelationData = properties.HasFlag(Properties.Correlation) ? reader.Bytes() : default,
                Expiry = properties.HasFlag(Properties.Expiry) ? TimeSpan.FromSeconds(reader.UInt32()) : null,
                PayloadIsUtf8 = properties.HasFlag(Properties.HasFormat) ? properties.HasFlag(Properties.IsUtf8) : null,
                UserProperties = properties.HasFlag(Properties.User) ? ReadUserProperties(ref reader) : [],
                Payload = reader.Rest(),
            };
            message = reader.IsShort ? null : read;
            return !reader.IsShort;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static UserProperties ReadUserProperties(ref BodyReader reader)
    {
        uint count = reader.UInt32();
        List<UserProperty> properties = [];
        for (uint i = 0; i < count && !reader.IsShort; i++)
        {
            properties.Add(new UserProperty(reader.Text(Utf8), reader.Text(Utf8)));
        }

        return UserProperties.Create([.. properties]);
    }

    private static Properties PropertiesOf(MqttMessage message) =>
        (message.ContentType is null ? 0 : Properties.ContentType)
        | (message.ResponseTopic is null ? 0 : Properties.ResponseTopic)
        | (message.CorrelationData.IsEmpty ? 0 : Properties.Correlation)
        | (message.Expiry is null ? 0 : Properties.Expiry)
        | (message.PayloadIsUtf8 is null ? 0 : Properties.HasFormat)
        | (message.PayloadIsUtf8 == true ? Properties.IsUtf8 : 0)
        | (message.UserProperties.Count == 0 ? 0 : Properties.User);

    private static void WriteText(string? text, ArrayBufferWriter<byte> target)
    {
        if (text is not null)
        {
            WriteBytes(Utf8.GetBytes(text), target);
        }
    }

    private static void WriteBytes(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> target)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target.GetSpan(sizeof(ushort)), checked((ushort)bytes.Length));
        target.Advance(sizeof(ushort));
        target.Write(bytes);
    }

    [Flags]
    private enum Properties : byte
    {
        ContentType = 1,
        ResponseTopic = 2,
        Correlation = 4,
        Expiry = 8,
        HasFormat = 16,
        IsUtf8 = 32,
        User = 64,
        All = 127,
    }
}
