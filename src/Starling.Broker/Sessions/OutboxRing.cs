using System.Runtime.CompilerServices;

namespace Starling.Broker.Sessions;

/// <summary>Deliveries with consecutive sequence numbers; the array grows and shrinks in powers of two and is absent before the first.</summary>
internal struct OutboxRing
{
    private const int SmallestCapacity = 8;

    // Shrinks when this many times in a row it ran empty with at most a quarter ever used.
    private const int QuietRounds = 32;

    private OutboxEntry[] _entries;
    private int _peak;
    private int _quietRounds;

    public OutboxRing(ulong first)
    {
        _entries = [];
        First = first;
        End = first;
    }

    /// <summary>The sequence number of the oldest entry.</summary>
    public ulong First { get; private set; }

    /// <summary>The sequence number after the newest entry.</summary>
    public ulong End { get; private set; }

    public readonly bool IsEmpty => First == End;

    public readonly int Capacity => _entries.Length;

    public readonly long CapacityBytes => (long)_entries.Length * Unsafe.SizeOf<OutboxEntry>();

    public readonly ref OutboxEntry this[ulong sequence] => ref _entries[(int)sequence & (_entries.Length - 1)];

    /// <summary>Adds a cleared entry at the end.</summary>
    public ref OutboxEntry Add()
    {
        int length = (int)(End - First);
        if (length == _entries.Length)
        {
            Resize(Math.Max(SmallestCapacity, length * 2));
        }

        _peak = Math.Max(_peak, length + 1);
        ref OutboxEntry entry = ref this[End++];
        entry = default;
        return ref entry;
    }

    /// <summary>Removes what is done at the front.</summary>
    public void TrimFront()
    {
        if (IsEmpty)
        {
            return;
        }

        while (First != End && this[First].State == OutboxState.Done)
        {
            First++;
        }

        if (IsEmpty)
        {
            NoteEmpty();
        }
    }

    /// <summary>Removes the first entry; its content has been moved elsewhere.</summary>
    public void RemoveFirst()
    {
        this[First] = default;
        First++;
        if (IsEmpty)
        {
            NoteEmpty();
        }
        else
        {
            TrimFront();
        }
    }

    /// <summary>Continues at another sequence number; only when empty.</summary>
    public void MoveTo(ulong sequence)
    {
        First = sequence;
        End = sequence;
    }

    /// <summary>Gives the array up if nothing is in it.</summary>
    public void ReleaseIfEmpty()
    {
        if (IsEmpty)
        {
            _entries = [];
            _peak = 0;
            _quietRounds = 0;
        }
    }

    private void NoteEmpty()
    {
        _quietRounds = _peak * 4 <= _entries.Length ? _quietRounds + 1 : 0;
        _peak = 0;
        if (_quietRounds >= QuietRounds && _entries.Length > SmallestCapacity)
        {
            _entries = new OutboxEntry[_entries.Length / 2];
            _quietRounds = 0;
        }
    }

    private void Resize(int capacity)
    {
        OutboxEntry[] entries = new OutboxEntry[capacity];
        for (ulong sequence = First; sequence != End; sequence++)
        {
            entries[(int)sequence & (capacity - 1)] = this[sequence];
        }

        _entries = entries;
    }
}
