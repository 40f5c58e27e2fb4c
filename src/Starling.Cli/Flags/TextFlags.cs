using System.Text;
using Starling.Protocol.Topics;

namespace Starling.Cli.Flags;

/// <summary>Checks topics and other text before anything is sent, so that a typing error is not answered by a closed connection.</summary>
internal static class TextFlags
{
    private const int FieldBytesMax = ushort.MaxValue;

    /// <summary>Text and passwords have a length of two bytes in front.</summary>
    public static void CheckLength(FlagReader flags, string flag, string? text)
    {
        if (text is not null && Encoding.UTF8.GetByteCount(text) > FieldBytesMax)
        {
            flags.Refuse($"{flag} is too long: MQTT allows 65535 bytes.");
        }
    }

    public static void CheckTopicName(FlagReader flags, string flag, string topic)
    {
        if (!TopicName.IsValid(Encoding.UTF8.GetBytes(topic)))
        {
            flags.Refuse($"{flag} {topic} is not a Topic Name: 1 to 65535 bytes, without + and #. For example {flag} sensors/7/temperature.");
        }
    }

    public static void CheckTopicFilter(FlagReader flags, string flag, string filter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(filter);
        bool isValid = SharedFilter.IsShared(bytes) ? SharedFilter.TryParse(bytes, out _, out _) : TopicFilter.IsValid(bytes);
        if (!isValid)
        {
            flags.Refuse($"{flag} {filter} is not a Topic Filter: + stands for one whole level, # for the rest at the end. For example {flag} sensors/+/temperature.");
        }
    }
}
