using System.Collections.Concurrent;

namespace Starling.Bench.Checking;

/// <summary>
/// Which messages of one publisher have arrived, in any order and by any of several receivers on any thread: one bit for each message.
/// </summary>
internal sealed class DeliveryBitmap
{
    private const int WordShift = 6;
    private const int ChunkShift = 16;
    private const int WordsPerChunk = 1 << (ChunkShift - WordShift);

    private readonly ConcurrentDictionary<long, ulong[]> _chunks = new();

    /// <summary>Takes note of a message; false when it was here before.</summary>
    public bool TryAdd(long sequence)
    {
        ulong[] chunk = _chunks.GetOrAdd(sequence >> ChunkShift, static _ => new ulong[WordsPerChunk]);
        ulong bit = 1UL << (int)(sequence & ((1 << WordShift) - 1));
        ref ulong word = ref chunk[(sequence >> WordShift) & (WordsPerChunk - 1)];
        return (Interlocked.Or(ref word, bit) & bit) == 0;
    }
}
