namespace Starling.Storage.State;

/// <summary>
/// The shared filters that the deliveries of one session came through, by a number that fits into a queue entry. A number is used again
/// once no delivery has it.
/// </summary>
internal sealed class SharedFilters
{
    private readonly List<(byte[] Filter, int Uses)> _filters = [];

    /// <summary>The number of a filter for one more delivery, from 1; 0 when there are too many filters to number.</summary>
    public ushort Take(ReadOnlySpan<byte> filter)
    {
        int free = -1;
        for (int i = 0; i < _filters.Count; i++)
        {
            if (_filters[i].Uses == 0)
            {
                free = i;
            }
            else if (filter.SequenceEqual(_filters[i].Filter))
            {
                _filters[i] = (_filters[i].Filter, _filters[i].Uses + 1);
                return (ushort)(i + 1);
            }
        }

        if (free >= 0)
        {
            _filters[free] = (filter.ToArray(), 1);
            return (ushort)(free + 1);
        }

        if (_filters.Count == ushort.MaxValue)
        {
            return 0;
        }

        _filters.Add((filter.ToArray(), 1));
        return (ushort)_filters.Count;
    }

    /// <summary>A delivery with this number is gone.</summary>
    public void Release(ushort number)
    {
        (byte[] filter, int uses) = _filters[number - 1];
        _filters[number - 1] = (filter, uses - 1);
    }

    public byte[]? Find(ushort number) => number == 0 ? null : _filters[number - 1].Filter;
}
