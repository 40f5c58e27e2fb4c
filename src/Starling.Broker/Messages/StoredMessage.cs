namespace Starling.Broker.Messages;

/// <summary>
/// A message inside a <see cref="MessageStore"/>. The handle itself counts nothing: references are taken and given at the store. It has no reference to
/// an object, so that the many places where messages wait are neither scanned nor watched by the garbage collector.
/// </summary>
internal readonly struct StoredMessage
{
    private readonly int _blockNumber;

    internal StoredMessage(int blockNumber, int offset, int byteCount)
    {
        _blockNumber = blockNumber;
        Offset = offset;
        ByteCount = byteCount;
    }

    /// <summary>No message in memory: the default value, or one that is elsewhere.</summary>
    public bool IsNone => _blockNumber == 0;

    /// <summary>Only its size is known here: the message is in the durable store.</summary>
    public bool IsElsewhere => _blockNumber == 0 && ByteCount > 0;

    /// <summary>Which block of its store it is in; from 1.</summary>
    public int BlockNumber => _blockNumber > 0 ? _blockNumber : throw new InvalidOperationException("There is no message.");

    public int Offset { get; }

    /// <summary>Bytes of the message in its block, the header included.</summary>
    public int ByteCount { get; }

    /// <summary>Where a payload of so many bytes begins in the block: it stands last.</summary>
    public int PayloadOffset(int payloadBytes) => Offset + ByteCount - payloadBytes;

    /// <summary>Stands for a message of so many bytes that is in the durable store.</summary>
    public static StoredMessage Elsewhere(int byteCount) => new(0, 0, byteCount);
}
