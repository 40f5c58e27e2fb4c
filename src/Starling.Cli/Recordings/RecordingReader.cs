using System.Buffers.Binary;
using Starling.Client;
using Starling.CommitLog;

namespace Starling.Cli.Recordings;

/// <summary>
/// Reads a recording. One without its end, left by a process that was killed, is read up to its last whole frame. Not for several threads.
/// </summary>
internal sealed class RecordingReader
{
    private const int EndFrameBytes = FrameHead.Size + RecordingEnd.Size + FrameHead.ChecksumBytes;

    private readonly Stream _source;
    private readonly string _path;
    private readonly RecordingIndex? _index;
    private long _position;
    private long _latest;
    private byte[] _body = new byte[4096];

    /// <param name="source">The file; its place can be set.</param>
    /// <param name="path">What it is called in errors.</param>
    /// <exception cref="RecordingException">It is no recording.</exception>
    public RecordingReader(Stream source, string path)
    {
        _source = source;
        _path = path;
        byte[] head = new byte[FileHead.Size];
        source.Position = 0;
        Head = FileHead.Read(head.AsSpan(0, source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)), path);
        _position = FileHead.Size;
        if (ReadEnd() is RecordingEnd end && TryReadFrame(end.IndexOffset, out FrameHead frame, out _) && frame.Kind == FrameKind.Index)
        {
            End = end;
            _index = RecordingIndex.Of(_body.AsSpan(0, frame.BodyBytes));
        }
    }

    public FileHead Head { get; }

    /// <summary>What a complete file says at its end; null for one that was cut off.</summary>
    public RecordingEnd? End { get; }

    /// <summary>Where the file is cut off; null as long as nothing was missed.</summary>
    public long? CutAt { get; private set; }

    /// <summary>
    /// Makes <see cref="Next"/> go on with the first message that is not before this time, or with what is damaged on the way to it. Bodies
    /// before it are not read.
    /// </summary>
    public void Seek(TimeSpan from)
    {
        long microseconds = from.Ticks / TimeSpan.TicksPerMicrosecond;
        _position = _index?.Find(microseconds) ?? FileHead.Size;
        _latest = 0;
        CutAt = null;
        while (TryReadHead(_position, out FrameHead head, out _) && head.Kind == FrameKind.Message
            && head.Microseconds < microseconds && _position + head.FrameBytes <= _source.Length)
        {
            _position += head.FrameBytes;
        }
    }

    /// <summary>The next message; null at the end, also at that of a file that was cut off.</summary>
    /// <exception cref="RecordingException">A frame is damaged; the offset is named.</exception>
    public RecordedMessage? Next()
    {
        while (true)
        {
            if (!TryReadFrame(_position, out FrameHead head, out string? wrong))
            {
                return wrong is null ? Cut() : throw Damaged(wrong);
            }

            if (head.Kind == FrameKind.End)
            {
                return head.BodyBytes == RecordingEnd.Size && _position + head.FrameBytes == _source.Length ? null : throw Damaged("there is something after the end");
            }

            if (head.Kind == FrameKind.Message)
            {
                if (head.Microseconds < _latest || !MessageBody.TryRead(_body.AsSpan(0, head.BodyBytes), out MqttMessage? message) || message is null)
                {
                    throw Damaged("this is no message");
                }

                _position += head.FrameBytes;
                _latest = head.Microseconds;
                return new RecordedMessage(TimeSpan.FromMicroseconds(head.Microseconds), message);
            }

            _position += head.FrameBytes;
        }
    }

    private RecordedMessage? Cut()
    {
        CutAt = _position;
        return null;
    }

    private RecordingException Damaged(string what) =>
        new($"{_path} is damaged at offset {_position}: {what}. What stands before it was read.");

    private RecordingEnd? ReadEnd()
    {
        long offset = _source.Length - EndFrameBytes;
        return offset >= FileHead.Size && TryReadFrame(offset, out FrameHead head, out _) && head is { Kind: FrameKind.End, BodyBytes: RecordingEnd.Size }
            ? RecordingEnd.Read(_body)
            : null;
    }

    // False without a reason: the file ends before the frame does.
    private bool TryReadFrame(long offset, out FrameHead head, out string? wrong)
    {
        if (!TryReadHead(offset, out head, out wrong) || offset + head.FrameBytes > _source.Length)
        {
            return false;
        }

        int size = head.BodyBytes + FrameHead.ChecksumBytes;
        if (_body.Length < size)
        {
            _body = new byte[Math.Max(size, Math.Min(2 * _body.Length, FrameHead.BodyBytesMax))];
        }

        if (_source.ReadAtLeast(_body.AsSpan(0, size), size, throwOnEndOfStream: false) < size)
        {
            return false;
        }

        bool isRight = BinaryPrimitives.ReadUInt32LittleEndian(_body.AsSpan(head.BodyBytes)) == Crc32C.Compute(_body.AsSpan(0, head.BodyBytes));
        wrong = isRight ? null : "the checksum of a frame is wrong";
        return isRight;
    }

    private bool TryReadHead(long offset, out FrameHead head, out string? wrong)
    {
        Span<byte> bytes = stackalloc byte[FrameHead.Size];
        head = default;
        wrong = null;
        if (offset < FileHead.Size || offset > _source.Length)
        {
            wrong = "there is no frame";
            return false;
        }

        _source.Position = offset;
        if (_source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            return false;
        }

        bool isRight = FrameHead.TryRead(bytes, out head);
        wrong = isRight ? null : "the head of a frame is wrong";
        return isRight;
    }
}
