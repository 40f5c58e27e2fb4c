namespace Starling.Fuzz.Fuzzing;

/// <summary>An input, read as a series of choices. Past its end every choice is the first one.</summary>
internal sealed class FuzzInput(byte[] bytes)
{
    private int _position;

    public bool IsAtEnd => _position >= bytes.Length;

    public byte Byte() => IsAtEnd ? (byte)0 : bytes[_position++];

    /// <summary>0 to <paramref name="count"/> less 1, at most 256.</summary>
    public int Below(int count) => Byte() % count;

    public bool Flag() => (Byte() & 1) != 0;

    public T Choose<T>(params ReadOnlySpan<T> values) => values[Below(values.Length)];

    /// <summary>All that is left.</summary>
    public byte[] Rest()
    {
        byte[] rest = bytes[_position..];
        _position = bytes.Length;
        return rest;
    }
}
