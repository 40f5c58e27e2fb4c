using System.Buffers.Binary;

namespace Starling.Cli.Recordings;

/// <summary>The body of the last frame.</summary>
/// <param name="IndexOffset">Where the frame of the index begins.</param>
/// <param name="Messages">How many messages there are.</param>
/// <param name="Microseconds">How long was recorded.</param>
internal readonly record struct RecordingEnd(long IndexOffset, long Messages, long Microseconds)
{
    public const int Size = 3 * sizeof(long);

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, IndexOffset);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Messages);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Microseconds);
    }

    public static RecordingEnd Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64LittleEndian(source), BinaryPrimitives.ReadInt64LittleEndian(source[8..]), BinaryPrimitives.ReadInt64LittleEndian(source[16..]));
}
