using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>
/// The output of one connection that the kernel has not taken: one contiguous pooled buffer, owned only while needed, and between its bytes parts of
/// blocks that are sent from where they are.
/// </summary>
internal struct OutputBuffer
{
    // The pool's sizes are powers of two, so this is the largest that fits an array.
    private const int CapacityBytesMax = 1 << 30;

    private byte[]? _bytes;
    private OutputPieces? _pieces;
    private int _head;
    private int _tail;

    /// <summary>Bytes that are not sent, those of blocks included.</summary>
    public readonly int Length => OwnLength + (_pieces?.Length ?? 0);

    public readonly bool HasBuffer => _bytes is not null;

    /// <summary>What is to be sent next in one piece.</summary>
    public readonly ReadOnlySpan<byte> Next => _pieces switch
    {
        null or { IsEmpty: true } => Own,
        { OwnBefore: > 0 } pieces => Own[..pieces.OwnBefore],
        { } pieces => pieces.First,
    };

    private readonly int OwnLength => _tail - _head;

    private readonly ReadOnlySpan<byte> Own => new(_bytes, _head, _tail - _head);

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

    /// <summary>The output takes over the caller's hold on the block.</summary>
    public void Append(IOutputBlock block, int offset, int length) =>
        (_pieces ??= new OutputPieces()).Add(block, offset, length, OwnLength);

    /// <summary>Forgets bytes of <see cref="Next"/> that were sent; gives the buffer back with the last of them.</summary>
    public void Consume(BufferPool pool, int length)
    {
        if (_pieces is { IsEmpty: false } pieces)
        {
            if (pieces.OwnBefore == 0)
            {
                pieces.Consume(length);
                length = 0;
            }
            else
            {
                pieces.ConsumeOwn(length);
            }
        }

        _head += length;
        if (Length == 0)
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

        _pieces?.Release();
        _pieces = null;
        _head = 0;
        _tail = 0;
    }

    private void MakeRoom(BufferPool pool, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if ((long)OwnLength + length > CapacityBytesMax)
        {
            throw new InvalidOperationException($"More than {CapacityBytesMax} bytes of output are pending.");
        }

        // Moving down pays only when at least half of the buffer is free in front; otherwise a slow peer would cost a copy of all
        // that is pending for each append.
        if (_bytes is not null && _head >= _bytes.Length / 2 && OwnLength + length <= _bytes.Length)
        {
            Own.CopyTo(_bytes);
        }
        else
        {
            byte[] larger = pool.Rent(OwnLength + length);
            Own.CopyTo(larger);
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
