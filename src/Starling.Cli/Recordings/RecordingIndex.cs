using System.Buffers.Binary;

namespace Starling.Cli.Recordings;

/// <summary>Where messages stand in a recording, by time: some of them, as far apart as keeps the index small.</summary>
internal sealed class RecordingIndex
{
    private const int EntryBytes = 2 * sizeof(long);
    private const int EntriesMax = 65_536;
    private const long FirstSpacing = 64 << 10;

    private readonly List<(long Microseconds, long Offset)> _entries = [];
    private long _spacing = FirstSpacing;

    /// <summary>Notes a message, unless one is noted near before it.</summary>
    public void Add(long microseconds, long offset)
    {
        if (_entries.Count > 0 && offset - _entries[^1].Offset < _spacing)
        {
            return;
        }

        if (_entries.Count == EntriesMax)
        {
            _spacing *= 2;
            List<(long, long)> kept = [.. _entries.Where((_, i) => i % 2 == 0)];
            _entries.Clear();
            _entries.AddRange(kept);
        }

        _entries.Add((microseconds, offset));
    }

    /// <summary>Where to begin to look for the first message that is not before this time; null: at the begin.</summary>
    public long? Find(long microseconds)
    {
        int low = 0;
        int high = _entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Microseconds < microseconds)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? null : _entries[low - 1].Offset;
    }

    public byte[] ToBody()
    {
        byte[] body = new byte[_entries.Count * EntryBytes];
        for (int i = 0; i < _entries.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(i * EntryBytes), _entries[i].Microseconds);
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan((i * EntryBytes) + sizeof(long)), _entries[i].Offset);
        }

        return body;
    }

    public static RecordingIndex Of(ReadOnlySpan<byte> body)
    {
        RecordingIndex index = new();
        BodyReader reader = new(body);
        for (int i = 0; i < body.Length / EntryBytes; i++)
        {
            index._entries.Add((reader.Int64(), reader.Int64()));
        }

        return index;
    }
}
