using Starling.CommitLog;

namespace Faults;

/// <summary>A file of a <see cref="PowerCutDirectory"/>, shared by all that have it open: what is not synced is in this process only.</summary>
internal sealed class PowerCutFile(ILogFile real)
{
    private readonly Lock _lock = new();

    // In the order of their offsets, without overlaps; what is written behind the last one grows it.
    private readonly List<PowerCutRange> _unsynced = [];
    private long _length = real.Length;

    public long Length
    {
        get
        {
            lock (_lock)
            {
                return _length;
            }
        }
    }

    public bool HasUnsynced
    {
        get
        {
            lock (_lock)
            {
                return _unsynced.Count > 0;
            }
        }
    }

    public int Read(Span<byte> destination, long offset)
    {
        lock (_lock)
        {
            int count = (int)Math.Clamp(_length - offset, 0, destination.Length);
            destination = destination[..count];
            int read = real.Read(destination, offset);
            destination[read..].Clear();
            for (int i = FirstFrom(offset); i < _unsynced.Count && _unsynced[i].Offset < offset + count; i++)
            {
                _unsynced[i].CopyTo(destination, offset);
            }

            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        lock (_lock)
        {
            Forget(offset, offset + source.Length);
            int index = FirstFrom(offset);
            if (_unsynced is [.., var end] && end.End == offset)
            {
                end.Append(source);
            }
            else
            {
                _unsynced.Insert(index, new PowerCutRange(offset, source));
            }

            _length = Math.Max(_length, offset + source.Length);
        }
    }

    public void Sync()
    {
        lock (_lock)
        {
            foreach (PowerCutRange range in _unsynced)
            {
                real.Write(range.Bytes, range.Offset);
            }

            real.Sync();
            _unsynced.Clear();
        }
    }

    public void Allocate(long length)
    {
        lock (_lock)
        {
            real.Allocate(length);
            _length = Math.Max(_length, length);
        }
    }

    public void Truncate(long length)
    {
        lock (_lock)
        {
            real.Truncate(length);
            Forget(length, long.MaxValue);
            _length = length;
        }
    }

    public void Close() => real.Dispose();

    /// <summary>The first range that ends behind an offset.</summary>
    private int FirstFrom(long offset)
    {
        int low = 0;
        for (int high = _unsynced.Count; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = _unsynced[middle].End <= offset ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Forget(long start, long end)
    {
        int index = FirstFrom(start);
        List<PowerCutRange> kept = [];
        int last = index;
        for (; last < _unsynced.Count && _unsynced[last].Offset < end; last++)
        {
            kept.AddRange(_unsynced[last].Without(start, end));
        }

        if (last > index)
        {
            _unsynced.RemoveRange(index, last - index);
            _unsynced.InsertRange(index, kept);
        }
    }
}
