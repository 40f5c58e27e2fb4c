using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>Parts of blocks that stand between the own bytes of one output, first in, first out.</summary>
internal sealed class OutputPieces
{
    private readonly Queue<Piece> _following = new();
    private Piece _first;

    /// <summary>Bytes of all pieces that are not sent.</summary>
    public int Length { get; private set; }

    /// <summary>Own bytes that are to be sent before the first piece.</summary>
    public int OwnBefore => _first.OwnBefore;

    /// <summary>Own bytes that are to be sent before the last piece.</summary>
    public int OwnBeforeLast { get; private set; }

    public bool IsEmpty => _first.Block is null;

    /// <summary>What is to be sent of the first piece.</summary>
    public ReadOnlySpan<byte> First => _first.Block is { } block ? block.Bytes.Slice(_first.Offset, _first.Length) : default;

    /// <summary>Adds a piece behind so many own bytes that are not sent.</summary>
    public void Add(IOutputBlock block, int offset, int length, int ownBytes)
    {
        Piece piece = new() { Block = block, Offset = offset, Length = length, OwnBefore = ownBytes - OwnBeforeLast };
        OwnBeforeLast = ownBytes;
        Length += length;
        if (IsEmpty)
        {
            _first = piece;
        }
        else
        {
            _following.Enqueue(piece);
        }
    }

    /// <summary>Own bytes before the first piece were sent.</summary>
    public void ConsumeOwn(int length)
    {
        _first.OwnBefore -= length;
        OwnBeforeLast -= length;
    }

    /// <summary>Bytes of the first piece were sent; the last of them releases its block.</summary>
    public void Consume(int length)
    {
        Length -= length;
        _first.Offset += length;
        _first.Length -= length;
        if (_first.Length == 0)
        {
            _first.Block?.Release();
            _following.TryDequeue(out _first);
        }
    }

    /// <summary>Nothing of it is sent any more.</summary>
    public void Release()
    {
        while (!IsEmpty)
        {
            Consume(_first.Length);
        }
    }

    private struct Piece
    {
        public IOutputBlock? Block;
        public int Offset;
        public int Length;
        public int OwnBefore;
    }
}
