using System.Runtime.InteropServices;

namespace Starling.Broker.Messages;

/// <summary>A message inside a <see cref="MessageStore"/>. The handle itself counts nothing: references are taken and given at the store.</summary>
internal readonly struct StoredMessage
{
    private readonly MessageBlock? _block;

    internal StoredMessage(MessageBlock? block, int offset, int byteCount)
    {
        _block = block;
        Offset = offset;
        ByteCount = byteCount;
    }

    /// <summary>No message in memory: the default value, or one that is elsewhere.</summary>
    public bool IsNone => _block is null;

    /// <summary>Only its size is known here: the message is in the durable store.</summary>
    public bool IsElsewhere => _block is null && ByteCount > 0;

    public MessageBlock Block => _block ?? throw new InvalidOperationException("There is no message.");

    public int Offset { get; }

    /// <summary>Bytes of the message in its block, the header included.</summary>
    public int ByteCount { get; }

    /// <summary>Stands for a message of so many bytes that is in the durable store.</summary>
    public static StoredMessage Elsewhere(int byteCount) => new(null, 0, byteCount);

    /// <summary>A view over the block, valid as long as the caller's reference.</summary>
    public Message Read()
    {
        ReadOnlySpan<byte> body = Block.Buffer.AsSpan(Offset, ByteCount);
        ref readonly MessageHeader header = ref MemoryMarshal.AsRef<MessageHeader>(body);
        int propertiesOffset = MessageHeader.Size + header.TopicBytes;
        return new Message
        {
            Topic = body[MessageHeader.Size..propertiesOffset],
            Properties = body.Slice(propertiesOffset, header.PropertiesBytes),
            Payload = body.Slice(propertiesOffset + header.PropertiesBytes, header.PayloadBytes),
            Qos = header.Qos,
            Retain = header.Retain != 0,
            ExpiresAtUtcMilliseconds = header.ExpiresAtUtcMilliseconds,
            Publisher = header.Publisher,
        };
    }
}
