using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Cli.Formatting;

/// <summary>Prints a message as JSON with the keys of mosquitto: <c>%j</c>, <c>%J</c> and <c>--json</c>.</summary>
/// <param name="isPretty">Over several lines.</param>
/// <param name="isExact">
/// As mosquitto does with payloads that are no text: what is behind a zero byte is lost, and other bytes stand as they are. Else such a
/// payload is base64 and says so, and a payload that should be JSON and is not is text; so what is printed always parses.
/// </param>
internal sealed class JsonLineWriter(bool isPretty, bool isExact)
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1000 };

    /// <summary>Adds one message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="time">When it came.</param>
    /// <param name="output">Takes the text.</param>
    /// <param name="isJsonPayload">Whether the payload is to stand as the JSON that it is.</param>
    /// <returns>What is wrong with the payload; null when nothing is. With <c>isExact</c> nothing was printed then.</returns>
    public string? Write(ReceivedMessage message, DateTimeOffset time, ArrayBufferWriter<byte> output, bool isJsonPayload)
    {
        bool isJson = isJsonPayload && (message.Payload.IsEmpty || IsJson(message.Payload.Span));
        string? complaint = isJsonPayload && !isJson ? $"Message payload is not valid JSON on topic {Encoding.UTF8.GetString(message.Topic)}." : null;
        if (complaint is not null && isExact)
        {
            return complaint;
        }

        JsonPrinter printer = new(output, isPretty);
        printer.BeginObject();
        printer.Name("tst"u8);
        printer.Text(Encoding.ASCII.GetBytes(ClockText.Stamp(time)));
        printer.Name("topic"u8);
        printer.Text(message.Topic);
        printer.Name("qos"u8);
        printer.Number((int)message.Qos);
        printer.Name("retain"u8);
        printer.Number(message.Retain ? 1 : 0);
        printer.Name("payloadlen"u8);
        printer.Number(message.Payload.Length);
        if (message.Qos != QualityOfService.AtMostOnce)
        {
            printer.Name("mid"u8);
            printer.Number(message.PacketIdentifier);
        }

        if (message.Properties is { Count: > 0 } properties)
        {
            WriteProperties(printer, properties);
        }

        WritePayload(printer, message.Payload.Span, isJson);
        printer.EndObject();
        return complaint;
    }

    private void WriteProperties(JsonPrinter printer, IReadOnlyList<ReceivedProperty> properties)
    {
        printer.Name("properties"u8);
        printer.BeginObject();
        bool hasUserProperties = false;
        foreach (ReceivedProperty property in properties)
        {
            if (property.Id == PropertyId.UserProperty)
            {
                // All of them stand together, where the first one is.
                if (!hasUserProperties)
                {
                    WriteUserProperties(printer, properties);
                    hasUserProperties = true;
                }

                continue;
            }

            printer.Name(Encoding.ASCII.GetBytes(PropertyNames.Of(property.Id)));
            if (property.Value.Length > 0 || PropertyNames.IsText(property.Id))
            {
                printer.Text(property.Id == PropertyId.CorrelationData ? Shown(property.Value) : property.Value);
            }
            else
            {
                printer.Number(property.Number);
            }
        }

        printer.EndObject();
    }

    private static void WriteUserProperties(JsonPrinter printer, IReadOnlyList<ReceivedProperty> properties)
    {
        printer.Name("user-properties"u8);
        printer.BeginObject();
        foreach (ReceivedProperty property in properties.Where(static property => property.Id == PropertyId.UserProperty))
        {
            printer.Name(property.Name);
            printer.Text(property.Value);
        }

        printer.EndObject();
    }

    private void WritePayload(JsonPrinter printer, ReadOnlySpan<byte> payload, bool isJson)
    {
        bool isText = isExact || isJson || Utf8.IsValid(payload);
        if (!isText)
        {
            printer.Name("encoding"u8);
            printer.Text("base64"u8);
        }

        printer.Name("payload"u8);
        if (payload.IsEmpty)
        {
            printer.Literal("null"u8);
        }
        else if (isJson)
        {
            Copy(payload, printer);
        }
        else if (isText)
        {
            printer.Text(isExact ? UpToZero(payload) : payload);
        }
        else
        {
            printer.Text(Encoding.ASCII.GetBytes(Convert.ToBase64String(payload)));
        }
    }

    // Binary that is no text would make a line that does not parse.
    private ReadOnlySpan<byte> Shown(byte[] data) => isExact
        ? UpToZero(data)
        : Utf8.IsValid(data) ? data : Encoding.ASCII.GetBytes(Convert.ToBase64String(data));

    private static ReadOnlySpan<byte> UpToZero(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            Utf8JsonReader reader = new(text, ReaderOptions);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !Utf8.IsValid(reader.ValueSpan))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Copy(ReadOnlySpan<byte> json, JsonPrinter printer)
    {
        Utf8JsonReader reader = new(json, ReaderOptions);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject: printer.BeginObject(); break;
                case JsonTokenType.EndObject: printer.EndObject(); break;
                case JsonTokenType.StartArray: printer.BeginArray(); break;
                case JsonTokenType.EndArray: printer.EndArray(); break;
                case JsonTokenType.PropertyName: printer.Name(Unescaped(reader)); break;
                case JsonTokenType.String: printer.Text(Unescaped(reader)); break;
                case JsonTokenType.Number: printer.Number(reader.GetDouble()); break;
                default: printer.Literal(reader.ValueSpan); break;
            }
        }
    }

    private static byte[] Unescaped(Utf8JsonReader reader)
    {
        byte[] buffer = new byte[reader.ValueSpan.Length];
        return buffer[..reader.CopyString(buffer)];
    }
}
