namespace Starling.Transports.InMemory;

/// <summary>Bytes in, bytes out, in order.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = [];
    private int _head;
    private int _tail;

    public int Length => _tail - _head;

    public void Append(ReadOnlySpan<byte> source)
    {
        if (_bytes.Length - _tail < source.Length)
        {
            byte[] larger = _bytes.Length >= (Length + source.Length) * 2
                ? _bytes
                : new byte[(Length + source.Length) * 2];
            _bytes.AsSpan(_head, Length).CopyTo(larger);
            _bytes = larger;
            _tail -= _head;
            _head = 0;
        }

        source.CopyTo(_bytes.AsSpan(_tail));
        _tail += source.Length;
    }

    public int Take(Span<byte> destination)
    {
        int length = Math.Min(destination.Length, Length);
        _bytes.AsSpan(_head, length).CopyTo(destination);
        _head += length;
        return length;
    }

    public void Clear() => _head = _tail;
}
