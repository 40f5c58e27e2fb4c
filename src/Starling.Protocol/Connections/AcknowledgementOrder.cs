namespace Starling.Protocol.Connections;

/// <summary>
/// Gives acknowledgements out in the order in which the messages arrived, in whatever order they were acknowledged. Numbers its
/// entries upwards; a ring without allocation in steady state.
/// </summary>
internal sealed class AcknowledgementOrder
{
    private Entry[] _entries = new Entry[16];
    private long _first;
    private int _count;

    /// <summary>Messages whose acknowledgement was not given out.</summary>
    public int Count => _count;

    /// <summary>Appends a message that arrived and returns its number.</summary>
    public long Add(ushort packetIdentifier)
    {
        if (_count == _entries.Length)
        {
            Grow();
        }

        long number = _first + _count++;
        _entries[IndexOf(number)] = new Entry { PacketIdentifier = packetIdentifier };
        return number;
    }

    /// <summary>Marks a message as acknowledged; the first mark wins, and numbers already given out are ignored.</summary>
    public void Mark(long number, ReasonCode reason, ReadOnlyMemory<byte> reasonString)
    {
        if (number < _first || number >= _first + _count)
        {
            return;
        }

        ref Entry entry = ref _entries[IndexOf(number)];
        if (!entry.IsMarked)
        {
            entry.IsMarked = true;
            entry.Reason = reason;
            entry.ReasonString = reasonString;
        }
    }

    /// <summary>Takes the oldest message out if it is acknowledged.</summary>
    public bool TryTake(out ushort packetIdentifier, out ReasonCode reason, out ReadOnlyMemory<byte> reasonString)
    {
        ref Entry entry = ref _entries[IndexOf(_first)];
        packetIdentifier = entry.PacketIdentifier;
        reason = entry.Reason;
        reasonString = entry.ReasonString;
        if (_count == 0 || !entry.IsMarked)
        {
            return false;
        }

        entry.ReasonString = default;
        _first++;
        _count--;
        return true;
    }

    private int IndexOf(long number) => (int)(number & (_entries.Length - 1));

    private void Grow()
    {
        Entry[] larger = new Entry[_entries.Length * 2];
        for (long number = _first; number < _first + _count; number++)
        {
            larger[(int)(number & (larger.Length - 1))] = _entries[IndexOf(number)];
        }

        _entries = larger;
    }

    private struct Entry
    {
        public ushort PacketIdentifier;
        public ReasonCode Reason;
        public ReadOnlyMemory<byte> ReasonString;
        public bool IsMarked;
    }
}
