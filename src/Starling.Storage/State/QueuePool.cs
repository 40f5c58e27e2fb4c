using System.Numerics;

namespace Starling.Storage.State;

/// <summary>Arrays and chunks of queues that were emptied, for the next ones. Arrays in it hold no entries. Of one thread.</summary>
internal sealed class QueuePool
{
    private const int SmallestBits = 3;
    private const int KeptOfEachMax = 4096;

    private readonly Stack<QueueEntry[]>[] _arrays = [.. Enumerable.Range(0, 6).Select(_ => new Stack<QueueEntry[]>())];
    private readonly Stack<QueueChunk> _chunks = new();

    /// <summary>An empty array of at least so many entries: 8, 16, … 256.</summary>
    public QueueEntry[] Rent(int entries)
    {
        int bits = Math.Max(SmallestBits, 32 - BitOperations.LeadingZeroCount((uint)(entries - 1)));
        return _arrays[bits - SmallestBits].TryPop(out QueueEntry[]? array) ? array : new QueueEntry[1 << bits];
    }

    public void Return(QueueEntry[] array)
    {
        if (array.Length == 0)
        {
            return;
        }

        Stack<QueueEntry[]> kept = _arrays[BitOperations.Log2((uint)array.Length) - SmallestBits];
        if (kept.Count < KeptOfEachMax)
        {
            kept.Push(array);
        }
    }

    public QueueChunk RentChunk(ulong number)
    {
        QueueChunk chunk = _chunks.TryPop(out QueueChunk? kept) ? kept : new QueueChunk();
        chunk.Reset(number);
        return chunk;
    }

    public void Return(QueueChunk chunk)
    {
        chunk.Release(this);
        if (_chunks.Count < KeptOfEachMax)
        {
            _chunks.Push(chunk);
        }
    }
}
