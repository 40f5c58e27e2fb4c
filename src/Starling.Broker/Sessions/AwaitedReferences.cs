using System.Runtime.InteropServices;
using Starling.Broker.Ports;

namespace Starling.Broker.Sessions;

/// <summary>Deliveries whose record is appended and not stored, in the order of the log. Its memory is used again.</summary>
internal sealed class AwaitedReferences
{
    /// <summary>What is done stays in front up to here before the rest moves down.</summary>
    private const int DoneMax = 4096;

    private readonly Queue<(ulong Lsn, int Count)> _records = new();
    private readonly List<StoreReference> _references = [];
    private int _done;

    public void Add(ulong lsn, ReadOnlySpan<StoreReference> references)
    {
        _records.Enqueue((lsn, references.Length));
        _references.AddRange(references);
    }

    /// <summary>The deliveries of the next record that is stored, valid until the next call; false when there is none.</summary>
    public bool TryTake(ulong committedLsn, out ReadOnlySpan<StoreReference> references)
    {
        if (_done >= DoneMax || _done == _references.Count)
        {
            _references.RemoveRange(0, _done);
            _done = 0;
        }

        if (!_records.TryPeek(out (ulong Lsn, int Count) next) || next.Lsn > committedLsn)
        {
            references = default;
            return false;
        }

        _records.Dequeue();
        references = CollectionsMarshal.AsSpan(_references).Slice(_done, next.Count);
        _done += next.Count;
        return true;
    }
}
