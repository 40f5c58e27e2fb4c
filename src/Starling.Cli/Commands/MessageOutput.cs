using System.Buffers;
using System.Text;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Cli.Formatting;
using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary>Prints deliveries as the flags of sub and rr say. One at a time.</summary>
internal sealed class MessageOutput(PrintSettings settings, ConnectionSettings connection, CommandEnvironment environment)
{
    private readonly MessagePrinter _plain = new(environment.Output, settings.IsVerbose, !settings.IsWithoutEnd);
    private readonly FormatWriter? _format = settings.Format is { } format
        ? new FormatWriter(format, new JsonLineWriter(settings.IsPretty, isExact: false))
        : null;

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Dictionary<string, int> _rows = [];

    /// <summary>Prints one delivery.</summary>
    public void Print(MqttDelivery delivery, ServerInfo server)
    {
        if (settings.IsWatch)
        {
            PrintInPlace(delivery, server);
        }
        else if (_format is null)
        {
            _plain.Print(delivery.Message);
        }
        else
        {
            _line.ResetWrittenCount();
            AddFormatted(_format, delivery, server);
            _line.Write(settings.IsWithoutEnd ? default : "\n"u8);
            Flush();
        }
    }

    private void AddFormatted(FormatWriter format, MqttDelivery delivery, ServerInfo server)
    {
        ReceivedMessage message = ReceivedMessage.Create(delivery, server.Version);
        format.Write(message, environment.TimeProvider.GetLocalNow(), _line, out string? complaint);
        if (complaint is not null)
        {
            FailureReport.WriteLine($"{complaint} It is printed as text.", connection, environment);
        }
    }

    // The first message of a topic takes a new line; later ones go up to it and back.
    private void PrintInPlace(MqttDelivery delivery, ServerInfo server)
    {
        bool isNew = _rows.TryAdd(delivery.Message.Topic, _rows.Count);
        int up = _rows.Count - _rows[delivery.Message.Topic];
        _line.ResetWrittenCount();
        Add(isNew ? "" : $"\e[{up}A\r\e[2K");
        if (_format is not null)
        {
            AddFormatted(_format, delivery, server);
        }
        else
        {
            Add($"{delivery.Message.Topic} ");
            _line.Write(FirstLine(delivery.Message.Payload.Span));
        }

        Add(isNew || up == 1 ? "\n" : $"\n\e[{up - 1}B");
        Flush();
    }

    private static ReadOnlySpan<byte> FirstLine(ReadOnlySpan<byte> payload)
    {
        int end = payload.IndexOfAny((byte)'\n', (byte)'\r');
        return end < 0 ? payload : payload[..end];
    }

    private void Add(string text) => Encoding.UTF8.GetBytes(text, _line);

    private void Flush()
    {
        environment.Output.Write(_line.WrittenSpan);
        environment.Output.Flush();
    }
}
