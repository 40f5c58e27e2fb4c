using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Starling.Server.Control;

/// <summary>Lines of JSON on a stream.</summary>
internal static class ControlLine
{
    /// <summary>The most bytes of a request: a path of the greatest length, each byte of it escaped.</summary>
    public const int BytesMax = 32 << 10;

    /// <summary>The value as one line, with the line feed.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) => [.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'];

    /// <summary>
    /// The first line, without the line feed; null when the stream ends before it does, or when more than
    /// <see cref="BytesMax"/> bytes come without one.
    /// </summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BytesMax];
        int length = 0;
        while (length < buffer.Length)
        {
            int count = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            int end = buffer.AsSpan(length, count).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return buffer[..(length + end)];
            }

            if (count == 0)
            {
                return null;
            }

            length += count;
        }

        return null;
    }
}
