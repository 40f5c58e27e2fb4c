using System.Buffers;
using System.Text;
using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary>Prints messages as mosquitto_sub does: the payload as it is, and a line feed.</summary>
internal sealed class MessagePrinter(Stream output, bool withTopic, bool withEnd)
{
    private const byte LineFeed = (byte)'\n';

    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Prints one message with one write. A message without payload is one line with -v, and nothing without.</summary>
    public void Print(MqttMessage message)
    {
        bool isEmpty = message.Payload.IsEmpty;
        if (isEmpty && (!withTopic || !withEnd))
        {
            return;
        }

        _line.ResetWrittenCount();
        if (withTopic)
        {
            _line.Write(Encoding.UTF8.GetBytes(message.Topic));
            _line.Write(isEmpty ? " (null)"u8 : " "u8);
        }

        _line.Write(message.Payload.Span);
        if (withEnd)
        {
            _line.Write([LineFeed]);
        }

        output.Write(_line.WrittenSpan);
        output.Flush();
    }
}
