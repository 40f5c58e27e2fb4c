namespace Starling.Conformance.Tests.Scripted;

/// <summary>Bytes that wait to be read by the other side.</summary>
internal sealed class ByteQueue
{
    private readonly Queue<byte[]> _pieces = new();
    private int _taken;

    public void Add(byte[] piece)
    {
        if (piece.Length > 0)
        {
            _pieces.Enqueue(piece);
        }
    }

    /// <summary>Fills the room as far as there are bytes.</summary>
    /// <returns>How many there were.</returns>
    public int Take(Span<byte> room)
    {
        int count = 0;
        while (count < room.Length && _pieces.TryPeek(out byte[]? piece))
        {
            ReadOnlySpan<byte> left = piece.AsSpan(_taken);
            int some = Math.Min(left.Length, room.Length - count);
            left[..some].CopyTo(room[count..]);
            count += some;
            _taken += some;
            if (_taken == piece.Length)
            {
                _pieces.Dequeue();
                _taken = 0;
            }
        }

        return count;
    }
}
