using System.Buffers;
using System.Globalization;
using System.Text;
using Starling.Cli.Formatting;

namespace Starling.Cli.Mosquitto;

/// <summary>What a mosquitto tool prints: messages and -d on the standard output, errors on the other.</summary>
internal sealed class MosquittoOutput(MosquittoSettings settings, CommandEnvironment environment)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly FormatWriter? _format = settings.Format is { } format
        ? new FormatWriter(format, new JsonLineWriter(settings.IsPretty, isExact: true))
        : null;

    /// <summary>How the packets' log calls this client.</summary>
    public string Client { get; set; } = "(null)";

    /// <summary>A line of -d about a packet.</summary>
    public void Log(FormattableString what)
    {
        if (settings.IsDebug)
        {
            PrintLine($"Client {Client} {what.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    public void PrintLine(string line)
    {
        _line.ResetWrittenCount();
        Encoding.UTF8.GetBytes(line, _line);
        _line.Write("\n"u8);
        Flush();
    }

    /// <summary>Something that --quiet silences.</summary>
    public void Complain(string text)
    {
        if (!settings.IsQuiet)
        {
            environment.Error.Write(text);
        }
    }

    public void Print(ReceivedMessage message)
    {
        bool isEmpty = message.Payload.IsEmpty;
        if (isEmpty && _format is null && !(settings.IsVerbose && settings.HasLineEnd))
        {
            return;
        }

        bool hasEnd = settings.HasLineEnd;
        _line.ResetWrittenCount();
        if (_format is not null)
        {
            _format.Write(message, environment.TimeProvider.GetLocalNow(), _line, out string? complaint);
            if (complaint is not null)
            {
                Complain($"Error: {complaint}\n");
            }
        }
        else if (settings.IsVerbose)
        {
            _line.Write(message.Topic);
            _line.Write(isEmpty ? " (null)"u8 : " "u8);
            _line.Write(message.Payload.Span);
        }
        else
        {
            _line.Write(message.Payload.Span);
        }

        _line.Write(hasEnd ? "\n"u8 : default);
        Flush();
    }

    private void Flush()
    {
        environment.Output.Write(_line.WrittenSpan);
        environment.Output.Flush();
    }
}
