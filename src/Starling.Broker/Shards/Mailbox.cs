using System.Collections.Concurrent;

namespace Starling.Broker.Shards;

/// <summary>
/// The way from one shard to another. Data is bounded in bytes, softly: what has been read is always taken whole, and only the reading of
/// more stops. Control letters are always taken.
/// </summary>
/// <param name="bytesMax">Above this the sender stops reading from those who feed it.</param>
internal sealed class Mailbox(long bytesMax)
{
    private const int EmptiesMax = 16;

    private long _bytes;

    public ConcurrentQueue<IControlLetter> Control { get; } = new();

    public ConcurrentQueue<MailBatch> Data { get; } = new();

    /// <summary>Empty batches on their way back to the sender; a few, so that a burst is not kept.</summary>
    public ConcurrentQueue<MailBatch> Empties { get; } = new();

    public long BytesMax => bytesMax;

    /// <summary>What the unread batches take, whether they are full or not.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public bool IsFull => Bytes > bytesMax;

    /// <summary>Half of the bound is free again.</summary>
    public bool HasRoom => Bytes < bytesMax / 2;

    /// <summary>Hands a batch over, on the sender's thread.</summary>
    public void Put(MailBatch batch)
    {
        Interlocked.Add(ref _bytes, batch.CapacityBytes);
        Data.Enqueue(batch);
    }

    /// <summary>A batch has been read, on the receiver's thread.</summary>
    public void GiveBack(MailBatch batch)
    {
        Interlocked.Add(ref _bytes, -batch.CapacityBytes);
        batch.Reset();
        if (batch.IsWorthKeeping && Empties.Count < EmptiesMax)
        {
            Empties.Enqueue(batch);
        }
    }
}
