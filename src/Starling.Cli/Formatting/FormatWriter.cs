using System.Buffers;
using System.Globalization;
using System.Text;
using Starling.Protocol.Packets;

namespace Starling.Cli.Formatting;

/// <summary>Prints messages by a <see cref="MessageFormat"/>, byte by byte as mosquitto_sub does.</summary>
/// <param name="format">What to print of each.</param>
/// <param name="json">Prints %j and %J.</param>
internal sealed class FormatWriter(MessageFormat format, JsonLineWriter json)
{
    /// <summary>Adds one message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="time">When it came.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="complaint">What went wrong, for the standard error; null when nothing did.</param>
    public void Write(ReceivedMessage message, DateTimeOffset time, ArrayBufferWriter<byte> output, out string? complaint)
    {
        complaint = null;
        foreach (FormatPart part in format.Parts)
        {
            switch (part.Kind)
            {
                case FormatPartKind.Plain:
                    output.Write(part.Bytes.Span);
                    break;
                case FormatPartKind.Clock:
                    AddText(output, ClockText.Format(part.Letter, time));
                    break;
                default:
                    complaint ??= WriteField(part, message, time, output);
                    break;
            }
        }
    }

    private string? WriteField(FormatPart part, ReceivedMessage message, DateTimeOffset time, ArrayBufferWriter<byte> output)
    {
        switch (part.Letter)
        {
            case '%': AddText(output, "%"); break;
            case 'l': WriteNumber(part, message.Payload.Length, output); break;
            case 'm': WriteNumber(part, message.PacketIdentifier, output); break;
            case 'q': AddText(output, ((int)message.Qos).ToString(CultureInfo.InvariantCulture)); break;
            case 'r': AddText(output, message.Retain ? "1" : "0"); break;
            case 't': WriteText(part, message.Topic, output); break;
            case 'p': WritePayload(part, message.Payload.Span, output); break;
            case 'x' or 'X': WriteHex(part, message.Payload.Span, output); break;
            case 'I': WriteText(part, Encoding.ASCII.GetBytes(ClockText.Iso(time)), output); break;
            case 'U': AddText(output, ClockText.UnixNanoseconds(time)); break;
            case 'j': return json.Write(message, time, output, isJsonPayload: false);
            case 'J': return json.Write(message, time, output, isJsonPayload: true);
            default: WriteProperty(part, message, output); break;
        }

        return null;
    }

    private static void WriteProperty(FormatPart part, ReceivedMessage message, ArrayBufferWriter<byte> output)
    {
        switch (part.Letter)
        {
            case 'A': WriteNumberOrBlank(part, message.Find(PropertyId.TopicAlias), output); break;
            case 'E': WriteNumberOrBlank(part, message.Find(PropertyId.MessageExpiryInterval), output); break;
            case 'F': WriteNumberOrBlank(part, message.Find(PropertyId.PayloadFormatIndicator), output); break;
            case 'S': WriteNumberOrBlank(part, message.Find(PropertyId.SubscriptionIdentifier), output); break;
            case 'C' when message.Find(PropertyId.ContentType) is { } type: WriteText(part, type.Value, output); break;
            case 'C': Fill(output, ' ', part.Width); break;
            case 'R' when message.Find(PropertyId.ResponseTopic) is { } topic: WriteText(part, topic.Value, output); break;
            case 'D' when message.Find(PropertyId.CorrelationData) is { } data: output.Write(data.Value); break;
            case 'P': WriteUserProperties(message, output); break;
            default: break;
        }
    }

    private static void WriteUserProperties(ReceivedMessage message, ArrayBufferWriter<byte> output)
    {
        bool isFirst = true;
        foreach (ReceivedProperty property in message.Properties ?? [])
        {
            if (property.Id == PropertyId.UserProperty)
            {
                AddText(output, isFirst ? "" : " ");
                output.Write(property.Name);
                AddText(output, ":");
                output.Write(property.Value);
                isFirst = false;
            }
        }
    }

    private static void WriteNumberOrBlank(FormatPart part, ReceivedProperty? property, ArrayBufferWriter<byte> output)
    {
        if (property is null)
        {
            Fill(output, part.Pad, part.Width);
        }
        else
        {
            // mosquitto prints such a number as a signed one.
            WriteNumber(part, unchecked((int)property.Number), output);
        }
    }

    private static void WriteNumber(FormatPart part, int number, ArrayBufferWriter<byte> output)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        int missing = Math.Max(0, part.Width - text.Length);
        if (part.IsLeft)
        {
            AddText(output, text);
            Fill(output, ' ', missing);
            return;
        }

        bool isZero = part.Pad == '0';
        AddText(output, isZero && number < 0 ? "-" : "");
        Fill(output, part.Pad, missing);
        AddText(output, isZero && number < 0 ? text[1..] : text);
    }

    // Width and precision of a text count bytes, as in C.
    private static void WriteText(FormatPart part, ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> shown = part.Precision >= 0 && part.Precision < text.Length ? text[..part.Precision] : text;
        int missing = Math.Max(0, part.Width - shown.Length);
        Fill(output, ' ', part.IsLeft ? 0 : missing);
        output.Write(shown);
        Fill(output, ' ', part.IsLeft ? missing : 0);
    }

    private static void WritePayload(FormatPart part, ReadOnlySpan<byte> payload, ArrayBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> shown = part.Width > 0 && payload.Length > part.Width ? payload[..part.Width] : payload;
        int missing = Math.Max(0, part.Width - shown.Length);
        Fill(output, part.Pad, part.IsLeft ? 0 : missing);
        output.Write(shown);
        Fill(output, ' ', part.IsLeft ? missing : 0);
    }

    // With a width mosquitto shows half as many bytes as there are, or as fit.
    private static void WriteHex(FormatPart part, ReadOnlySpan<byte> payload, ArrayBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> shown = part.Width > 0 ? payload[..(Math.Min(payload.Length, part.Width) / 2)] : payload;
        int missing = Math.Max(0, part.Width - (shown.Length * 2));
        Fill(output, part.Pad, part.IsLeft ? 0 : missing);
        AddText(output, part.Letter == 'x' ? Convert.ToHexStringLower(shown) : Convert.ToHexString(shown));
        Fill(output, ' ', part.IsLeft ? missing : 0);
    }

    private static void Fill(ArrayBufferWriter<byte> output, char pad, int count)
    {
        if (count > 0)
        {
            output.GetSpan(count)[..count].Fill((byte)pad);
            output.Advance(count);
        }
    }

    private static void AddText(ArrayBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
