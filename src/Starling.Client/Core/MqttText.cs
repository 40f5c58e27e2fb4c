using System.Text;
using Starling.Protocol.Topics;

namespace Starling.Client.Core;

/// <summary>Text and binary data of the caller, checked before they can reach the wire.</summary>
internal static class MqttText
{
    private const int TextBytesMax = ushort.MaxValue;

    /// <summary>The UTF-8 of a text field.</summary>
    /// <exception cref="ArgumentException">Too long, not Unicode, or with U+0000 [MQTT-1.5.4-1] [MQTT-1.5.4-2].</exception>
    public static byte[] Encode(string text, string parameter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > TextBytesMax || text.Contains('\0', StringComparison.Ordinal) || HasLoneSurrogate(text))
        {
            throw new ArgumentException("Text of MQTT is Unicode without U+0000, of at most 65535 bytes in UTF-8.", parameter);
        }

        return bytes;
    }

    /// <summary>The UTF-8 of a Topic Name.</summary>
    /// <exception cref="ArgumentException">Empty, too long, with wildcards, or not text [MQTT-3.3.2-2] [MQTT-4.7.3-1].</exception>
    public static byte[] EncodeTopic(string topic, string parameter)
    {
        byte[] bytes = Encode(topic, parameter);
        return TopicName.IsValid(bytes)
            ? bytes
            : throw new ArgumentException($"'{topic}' is no Topic Name: it is not empty and has neither + nor #.", parameter);
    }

    /// <summary>Binary data, as it is.</summary>
    /// <exception cref="ArgumentException">Too long.</exception>
    public static ReadOnlyMemory<byte> CheckBinary(ReadOnlyMemory<byte> data, string parameter) => data.Length <= TextBytesMax
        ? data
        : throw new ArgumentException("Binary data of MQTT has at most 65535 bytes.", parameter);

    private static bool HasLoneSurrogate(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }
}
