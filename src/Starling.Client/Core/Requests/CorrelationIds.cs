using System.Buffers.Binary;

namespace Starling.Client.Core.Requests;

/// <summary>Correlation Data of 16 bytes: 8 that tell this client's run from others, and a number. Any thread.</summary>
internal sealed class CorrelationIds(long run)
{
    private const int LengthBytes = 2 * sizeof(long);

    private long _last;

    /// <summary>The next number.</summary>
    public long Next() => Interlocked.Increment(ref _last);

    public byte[] Encode(long number)
    {
        byte[] data = new byte[LengthBytes];
        BinaryPrimitives.WriteInt64BigEndian(data, run);
        BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(sizeof(long)), number);
        return data;
    }

    /// <summary>The number in data of this run; false for anything else.</summary>
    public bool TryDecode(ReadOnlySpan<byte> data, out long number)
    {
        number = data.Length == LengthBytes ? BinaryPrimitives.ReadInt64BigEndian(data[sizeof(long)..]) : 0;
        return data.Length == LengthBytes && BinaryPrimitives.ReadInt64BigEndian(data) == run;
    }
}
