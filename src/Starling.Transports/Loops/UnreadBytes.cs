using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>The bytes that a connection received and its client did not take yet; owns a pooled buffer only while there are any.</summary>
internal struct UnreadBytes
{
    // Below this much free space a receive is not worth its system call while a long packet is arriving.
    private const int SmallestReceiveBytes = 4096;

    private byte[]? _bytes;
    private int _length;

    public readonly int Length => _length;

    public readonly ReadOnlySpan<byte> Bytes => new(_bytes, 0, _length);

    /// <summary>Keeps these bytes, which may lie in the own buffer, instead of those kept so far.</summary>
    public void Replace(BufferPool pool, ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            Release(pool);
        }
        else if (_bytes is null || rest.Length < _length)
        {
            // A shorter rest goes to a buffer of its own size, so that what follows a long packet does not keep its buffer.
            byte[] buffer = pool.Rent(rest.Length);
            rest.CopyTo(buffer);
            Release(pool);
            _bytes = buffer;
            _length = rest.Length;
        }
    }

    /// <summary>
    /// The free space behind the kept bytes. It grows by doubling as bytes arrive, up to the announced length and one read: never by
    /// what a peer merely announces. Empty when the client has been given that much and takes nothing.
    /// </summary>
    public Span<byte> GetFreeSpace(BufferPool pool, int neededBytes, int readBytes)
    {
        int capacity = _bytes?.Length ?? 0;
        int free = capacity - _length;
        bool isTight = free == 0 || (free < SmallestReceiveBytes && capacity < neededBytes);
        if (isTight && capacity < (long)neededBytes + readBytes)
        {
            byte[] larger = pool.Rent(capacity + 1);
            Bytes.CopyTo(larger);
            if (_bytes is not null)
            {
                pool.Return(_bytes);
            }

            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }

    public void Appended(int length) => _length += length;

    public void Release(BufferPool pool)
    {
        if (_bytes is not null)
        {
            pool.Return(_bytes);
            _bytes = null;
        }

        _length = 0;
    }
}
