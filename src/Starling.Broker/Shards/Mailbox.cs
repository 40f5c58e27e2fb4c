using System.Collections.Concurrent;

namespace Starling.Broker.Shards;

/// <summary>
/// The way from one shard to another. Data is bounded in bytes, softly: what has been read is always taken whole, and only the reading of
/// more stops. Control letters are always taken.
/// </summary>
internal sealed class Mailbox
{
    /// <summary>Above this the sender stops reading from those who feed it.</summary>
    public const long BytesMax = 8 << 20;

    private long _bytes;

    public ConcurrentQueue<IControlLetter> Control { get; } = new();

    public ConcurrentQueue<MailBatch> Data { get; } = new();

    /// <summary>Empty batches on their way back to the sender.</summary>
    public ConcurrentQueue<MailBatch> Empties { get; } = new();

    public long Bytes => Volatile.Read(ref _bytes);

    public bool IsFull => Bytes > BytesMax;

    /// <summary>Half of the bound is free again.</summary>
    public bool HasRoom => Bytes < BytesMax / 2;

    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
