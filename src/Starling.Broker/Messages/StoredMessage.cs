using System.Runtime.InteropServices;

namespace Starling.Broker.Messages;

/// <summary>A message inside a <see cref="MessageStore"/>. The handle itself counts nothing: references are taken and given at the store.</summary>
internal readonly struct StoredMessage
{
    private readonly MessageBlock? _block;

    internal StoredMessage(MessageBlock block, int offset, int byteCount)
    {
        _block = block;
        Offset = offset;
        ByteCount = byteCount;
    }

    /// <summary>The default value: no message.</summary>
    public bool IsNone => _block is null;

    public MessageBlock Block => _block ?? throw new InvalidOperationException("There is no message.");

    public int Offset { get; }

    /// <summary>Bytes of the message in its block, the header included.</summary>
    public int ByteCount { get; }

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
