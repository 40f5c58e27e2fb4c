namespace Starling.Storage.State;

/// <summary>
/// The unfinished deliveries of one session by sequence number. Entries come mostly at the end and go mostly at the beginning; any
/// order and any gaps are allowed.
/// </summary>
internal sealed class DeliveryQueue(QueuePool pool)
{
    // In the order of their numbers; a chunk in the middle may be empty.
    private QueueChunk[] _chunks = [];
    private int _head;
    private int _count;

    /// <summary>The number of deliveries.</summary>
    public int Count { get; private set; }

    /// <summary>The place of a delivery's entry; empty when there is none.</summary>
    public Span<QueueEntry> Find(ulong sequence)
    {
        int at = IndexOf(sequence / QueueChunk.Sequences);
        return at >= 0 ? _chunks[at].Find((int)(sequence % QueueChunk.Sequences)) : default;
    }

    /// <summary>Adds a delivery that is not there.</summary>
    public void Add(ulong sequence, in QueueEntry entry)
    {
        ulong number = sequence / QueueChunk.Sequences;
        int at = IndexOf(number);
        if (at < 0)
        {
            at = Insert(~at, number);
        }

        _chunks[at].Add((int)(sequence % QueueChunk.Sequences), entry, pool);
        Count++;
    }

    /// <summary>Removes a delivery; false when there is none.</summary>
    public bool TryRemove(ulong sequence, out QueueEntry removed)
    {
        removed = default;
        int at = IndexOf(sequence / QueueChunk.Sequences);
        if (at < 0 || _chunks[at].Find((int)(sequence % QueueChunk.Sequences)) is not [QueueEntry entry])
        {
            return false;
        }

        removed = entry;
        QueueChunk chunk = _chunks[at];
        chunk.Remove((int)(sequence % QueueChunk.Sequences));
        Count--;
        if (chunk.Count == 0)
        {
            chunk.Release(pool);
            Trim();
        }

        return true;
    }

    /// <summary>The first delivery at or after a sequence number.</summary>
    public bool TryNext(ulong from, out ulong sequence, out QueueEntry entry)
    {
        int at = IndexOf(from / QueueChunk.Sequences);
        at = at < 0 ? ~at : at;
        for (; at < _head + _count; at++)
        {
            QueueChunk chunk = _chunks[at];
            int index = chunk.NextAfter(chunk.Number == from / QueueChunk.Sequences ? (int)(from % QueueChunk.Sequences) : 0);
            if (index >= 0)
            {
                sequence = (chunk.Number * QueueChunk.Sequences) + (ulong)index;
                entry = chunk.Find(index)[0];
                return true;
            }
        }

        sequence = 0;
        entry = default;
        return false;
    }

    /// <summary>The index in the array, or the complement of where it would stand.</summary>
    private int IndexOf(ulong number)
    {
        if (_count == 0)
        {
            return ~_head;
        }

        // Without gaps the place follows from the number; and most questions are about the last chunk.
        ulong ahead = number - _chunks[_head].Number;
        if (ahead < (ulong)_count && _chunks[_head + (int)ahead].Number == number)
        {
            return _head + (int)ahead;
        }

        if (number > _chunks[_head + _count - 1].Number)
        {
            return ~(_head + _count);
        }

        int low = _head;
        int high = _head + _count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (_chunks[middle].Number == number)
            {
                return middle;
            }

            if (_chunks[middle].Number < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    private int Insert(int at, ulong number)
    {
        if (_head + _count == _chunks.Length)
        {
            int offset = at - _head;
            MakeRoom();
            at = _head + offset;
        }

        Array.Copy(_chunks, at, _chunks, at + 1, _head + _count - at);
        _chunks[at] = pool.RentChunk(number);
        _count++;
        return at;
    }

    // Either half of the array is free at its beginning, or it grows.
    private void MakeRoom()
    {
        QueueChunk[] target = _head > _chunks.Length / 2 ? _chunks : new QueueChunk[Math.Max(1, 2 * _count)];
        Array.Copy(_chunks, _head, target, 0, _count);
        if (target == _chunks)
        {
            Array.Clear(_chunks, _count, _head);
        }

        _chunks = target;
        _head = 0;
    }

    private void Trim()
    {
        while (_count > 0 && _chunks[_head].Count == 0)
        {
            pool.Return(_chunks[_head]);
            _head++;
            _count--;
        }

        while (_count > 0 && _chunks[_head + _count - 1].Count == 0)
        {
            _count--;
            pool.Return(_chunks[_head + _count]);
        }

        if (_count == 0)
        {
            _head = 0;
        }
    }
}
