using System.Buffers;
using System.Buffers.Binary;
using Starling.Client;
using Starling.CommitLog;

namespace Starling.Cli.Recordings;

/// <summary>Writes a recording, frame after frame; what is written and flushed can be read, whatever comes after. Not for several threads.</summary>
internal sealed class RecordingWriter
{
    private readonly Stream _target;
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly RecordingIndex _index = new();
    private long _latest;

    public RecordingWriter(Stream target, FileHead head)
    {
        _target = target;
        Span<byte> bytes = stackalloc byte[FileHead.Size];
        head.Write(bytes);
        target.Write(bytes);
        Bytes = FileHead.Size;
    }

    /// <summary>How many messages are written.</summary>
    public long Messages { get; private set; }

    /// <summary>How long the file is.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes a message.</summary>
    /// <param name="time">From the begin of the recording; never goes back.</param>
    /// <param name="message">What came.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(TimeSpan time, MqttMessage message)
    {
        _body.ResetWrittenCount();
        MessageBody.Write(message, _body);
        _latest = Math.Max(_latest, Microseconds(time));
        _index.Add(_latest, Bytes);
        WriteFrame(FrameKind.Message, _latest, _body.WrittenSpan);
        Messages++;
    }

    /// <summary>Gives what is written to the system, which keeps it when this process is killed.</summary>
    public void Flush() => _target.Flush();

    /// <summary>Writes the index and the end.</summary>
    /// <param name="duration">How long was recorded.</param>
    public void Complete(TimeSpan duration)
    {
        long indexOffset = Bytes;
        WriteFrame(FrameKind.Index, 0, _index.ToBody());
        Span<byte> end = stackalloc byte[RecordingEnd.Size];
        new RecordingEnd(indexOffset, Messages, Math.Max(_latest, Microseconds(duration))).Write(end);
        WriteFrame(FrameKind.End, 0, end);
        _target.Flush();
    }

    private void WriteFrame(FrameKind kind, long microseconds, ReadOnlySpan<byte> body)
    {
        FrameHead frame = new(kind, body.Length, microseconds);
        Span<byte> head = stackalloc byte[FrameHead.Size];
        frame.Write(head);
        _target.Write(head);
        _target.Write(body);
        Span<byte> checksum = stackalloc byte[FrameHead.ChecksumBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Compute(body));
        _target.Write(checksum);
        Bytes += frame.FrameBytes;
    }

    private static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;
}
