using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>The output of one connection that the kernel has not taken: one contiguous pooled buffer, owned only while needed.</summary>
internal struct OutputBuffer
{
    // The pool's sizes are powers of two, so this is the largest that fits an array.
    private const int CapacityBytesMax = 1 << 30;

    private byte[]? _bytes;
    private int _head;
    private int _tail;

    public readonly int Length => _tail - _head;

    public readonly bool HasBuffer => _bytes is not null;

    public readonly ReadOnlySpan<byte> Pending => new(_bytes, _head, _tail - _head);

    public Span<byte> GetSpan(BufferPool pool, int length)
    {
        if (_bytes is null || _bytes.Length - _tail < length)
        {
            MakeRoom(pool, length);
        }

        return _bytes.AsSpan(_tail);
    }

    public void Advance(int length)
    {
        if (_bytes is null || (uint)length > (uint)(_bytes.Length - _tail))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "More than the last GetSpan gave.");
        }

        _tail += length;
    }

    /// <summary>Forgets bytes that were sent; gives the buffer back with the last of them.</summary>
    public void Consume(BufferPool pool, int length)
    {
        _head += length;
        if (_head == _tail)
        {
            Release(pool);
        }
    }

    public void Release(BufferPool pool)
    {
        if (_bytes is not null)
        {
            pool.Return(_bytes);
            _bytes = null;
        }

        _head = 0;
        _tail = 0;
    }

    private void MakeRoom(BufferPool pool, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if ((long)Length + length > CapacityBytesMax)
        {
            throw new InvalidOperationException($"More than {CapacityBytesMax} bytes of output are pending.");
        }

        // Moving down pays only when at least half of the buffer is free in front; otherwise a slow peer would cost a copy of all
        // that is pending for each append.
        if (_bytes is not null && _head >= _bytes.Length / 2 && Length + length <= _bytes.Length)
        {
            Pending.CopyTo(_bytes);
        }
        else
        {
            byte[] larger = pool.Rent(Length + length);
            Pending.CopyTo(larger);
            if (_bytes is not null)
            {
                pool.Return(_bytes);
            }

            _bytes = larger;
        }

        _tail -= _head;
        _head = 0;
    }
}
