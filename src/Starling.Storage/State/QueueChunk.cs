namespace Starling.Storage.State;

/// <summary>The entries of up to 256 consecutive sequence numbers, in an array as long as what is used of them.</summary>
internal sealed class QueueChunk
{
    public const int Sequences = 256;

    private QueueEntry[] _entries = [];
    private int _start;

    /// <summary>Sequence number divided by 256.</summary>
    public ulong Number { get; private set; }

    /// <summary>Entries that are present.</summary>
    public int Count { get; private set; }

    public void Reset(ulong number) => Number = number;

    /// <summary>The place of an entry; empty when there is none.</summary>
    public Span<QueueEntry> Find(int index)
    {
        int at = index - _start;
        return (uint)at < (uint)_entries.Length && _entries[at].IsPresent ? _entries.AsSpan(at, 1) : default;
    }

    /// <summary>Puts an entry where there is none.</summary>
    public void Add(int index, in QueueEntry entry, QueuePool pool)
    {
        int at = index - _start;
        if ((uint)at >= (uint)_entries.Length)
        {
            Grow(index, pool);
            at = index - _start;
        }

        _entries[at] = entry;
        Count++;
    }

    /// <summary>Removes an entry that is there.</summary>
    public void Remove(int index)
    {
        _entries[index - _start] = default;
        Count--;
    }

    /// <summary>The first present entry at or after an index; -1 when there is none.</summary>
    public int NextAfter(int index)
    {
        for (int at = Math.Max(0, index - _start); at < _entries.Length; at++)
        {
            if (_entries[at].IsPresent)
            {
                return at + _start;
            }
        }

        return -1;
    }

    /// <summary>Gives the array back; it holds no entries.</summary>
    public void Release(QueuePool pool)
    {
        pool.Return(_entries);
        _entries = [];
        _start = 0;
    }

    private void Grow(int index, QueuePool pool)
    {
        int first = _entries.Length == 0 ? index : Math.Min(_start, index);
        int last = _entries.Length == 0 ? index : Math.Max(_start + _entries.Length - 1, index);
        QueueEntry[] grown = pool.Rent(last - first + 1);
        int start = Math.Min(first, Sequences - grown.Length);
        Array.Copy(_entries, 0, grown, _entries.Length == 0 ? 0 : _start - start, _entries.Length);
        if (Count > 0 || _entries.Length > 0)
        {
            Array.Clear(_entries);
            pool.Return(_entries);
        }

        _entries = grown;
        _start = start;
    }
}
