namespace Faults;

/// <summary>Bytes of a file that are not synced.</summary>
internal sealed class PowerCutRange
{
    private byte[] _bytes;
    private int _count;

    public PowerCutRange(long offset, ReadOnlySpan<byte> bytes)
    {
        Offset = offset;
        _bytes = bytes.ToArray();
        _count = bytes.Length;
    }

    public long Offset { get; }

    public long End => Offset + _count;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_count + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_count + bytes.Length, _bytes.Length * 2));
        }

        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }

    /// <summary>Copies what lies in a piece of the file that begins at an offset.</summary>
    public void CopyTo(Span<byte> piece, long pieceOffset)
    {
        long start = Math.Max(Offset, pieceOffset);
        long end = Math.Min(End, pieceOffset + piece.Length);
        if (start < end)
        {
            _bytes.AsSpan((int)(start - Offset), (int)(end - start)).CopyTo(piece[(int)(start - pieceOffset)..]);
        }
    }

    /// <summary>What is left when the bytes from one offset to another are taken out.</summary>
    public IEnumerable<PowerCutRange> Without(long start, long end)
    {
        if (Offset < start)
        {
            yield return new PowerCutRange(Offset, _bytes.AsSpan(0, (int)(Math.Min(start, End) - Offset)));
        }

        if (End > end)
        {
            yield return new PowerCutRange(end, _bytes.AsSpan((int)(end - Offset).._count));
        }
    }
}
