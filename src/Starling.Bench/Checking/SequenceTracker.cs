namespace Starling.Bench.Checking;

/// <summary>
/// Which messages of one publisher have arrived at one receiver: the number that should come next, and the gaps before it. Exact as
/// long as there are at most <see cref="GapsMax"/> gaps; of older ones only that they are lost is kept, so what still comes of them
/// counts as late, even twice.
/// </summary>
internal struct SequenceTracker
{
    /// <summary>The most gaps that are kept.</summary>
    public const int GapsMax = 4096;

    private (long First, long End)[]? _gaps;
    private int _count;
    private long _forgottenEnd;

    /// <summary>The number that should come next.</summary>
    public long Next { get; private set; }

    /// <summary>Takes note of a message.</summary>
    /// <param name="sequence">Its number, from 0.</param>
    /// <param name="missing">How many messages it overtook, or -1 when it was one of those.</param>
    public Arrival Add(long sequence, out long missing)
    {
        missing = 0;
        if (sequence == Next)
        {
            Next++;
            return Arrival.InOrder;
        }

        if (sequence > Next)
        {
            missing = sequence - Next;
            Remember(Next, sequence);
            Next = sequence + 1;
            return Arrival.InOrder;
        }

        if (sequence < _forgottenEnd)
        {
            return Arrival.Late;
        }

        if (!TryFill(sequence))
        {
            return Arrival.Duplicate;
        }

        missing = -1;
        return Arrival.Late;
    }

    private void Remember(long first, long end)
    {
        _gaps ??= new (long, long)[4];
        MakeRoom(_count);
        _gaps[_count++] = (first, end);
    }

    private bool TryFill(long sequence)
    {
        Span<(long First, long End)> gaps = _gaps.AsSpan(0, _count);
        int low = 0;
        int high = gaps.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = gaps[middle].End <= sequence ? (middle + 1, high) : (low, middle);
        }

        if (low == gaps.Length || gaps[low].First > sequence)
        {
            return false;
        }

        (long first, long end) = gaps[low];
        if (sequence == first && sequence + 1 == end)
        {
            gaps[(low + 1)..].CopyTo(gaps[low..]);
            _count--;
        }
        else if (sequence == first)
        {
            gaps[low].First = sequence + 1;
        }
        else
        {
            gaps[low].End = sequence;
            if (sequence + 1 < end)
            {
                Insert(low + 1, (sequence + 1, end));
            }
        }

        return true;
    }

    private void Insert(int index, (long First, long End) gap)
    {
        index -= MakeRoom(index);
        Span<(long First, long End)> gaps = _gaps.AsSpan(0, _count + 1);
        gaps[index..^1].CopyTo(gaps[(index + 1)..]);
        gaps[index] = gap;
        _count++;
    }

    // For a gap at this index, which is not the first; returns by how many places the gaps have moved down.
    private int MakeRoom(int index)
    {
        if (_gaps is null || _count < _gaps.Length)
        {
            return 0;
        }

        if (_count < GapsMax)
        {
            Array.Resize(ref _gaps, _count * 2);
            return 0;
        }

        int forgotten = Math.Min(index, GapsMax / 2);
        _forgottenEnd = _gaps[forgotten - 1].End;
        Array.Copy(_gaps, forgotten, _gaps, 0, _count - forgotten);
        _count -= forgotten;
        return forgotten;
    }
}
