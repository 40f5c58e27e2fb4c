using System.Runtime.InteropServices;
using Starling.Protocol.Loops;

namespace Starling.Broker.Messages;

/// <summary>
/// The message bytes of one shard, in chunks that are filled one after the other and go back to the pool when nobody refers to any
/// message inside. Belongs to the shard's thread.
/// </summary>
internal sealed class MessageStore
{
    /// <summary>The size of a chunk.</summary>
    public const int ChunkBytes = 32 << 10;

    /// <summary>From this size on a message has a block of its own.</summary>
    public const int OwnBlockBytes = 16 << 10;

    // Messages begin at multiples of this, so that a header is not torn over more cache lines than needed.
    private const int Alignment = 8;

    private readonly List<MessageBlock> _blocks = [];
    private readonly Stack<MessageBlock> _unusedBlocks = new();
    private BufferPool? _pool;
    private long _chargedBefore;
    private MessageBlock? _shortLived;
    private MessageBlock? _longLived;

    /// <summary>Whether committed messages can be read back from a durable store.</summary>
    public bool IsBacked { get; init; }

    private BufferPool Pool => _pool ?? throw new InvalidOperationException("The shard has not been started.");

    /// <summary>The loop runs: from now on there are chunks, and what was charged before is charged to its pool.</summary>
    /// <param name="pool">Gives the chunks, and charges them to the memory budget.</param>
    public void Start(BufferPool pool)
    {
        _pool = pool;
        pool.Charge(_chargedBefore);
        _chargedBefore = 0;
    }

    /// <summary>Stores a message; the caller holds one reference.</summary>
    public StoredMessage Add(scoped in Message message)
    {
        int bytes = MessageHeader.Size + message.Topic.Length + message.Properties.Length + message.Payload.Length;
        StoredMessage stored = Reserve(bytes, longLived: false);
        Span<byte> body = BlockOf(stored).Buffer.AsSpan(stored.Offset, bytes);
        MessageHeader header = new()
        {
            ExpiresAtUtcMilliseconds = message.ExpiresAtUtcMilliseconds,
            Publisher = message.Publisher,
            PropertiesBytes = message.Properties.Length,
            PayloadBytes = message.Payload.Length,
            TopicBytes = (ushort)message.Topic.Length,
            Qos = message.Qos,
            Retain = message.Retain ? (byte)1 : (byte)0,
        };
        MemoryMarshal.Write(body, in header);
        body = body[MessageHeader.Size..];
        message.Topic.CopyTo(body);
        body = body[message.Topic.Length..];
        message.Properties.CopyTo(body);
        message.Payload.CopyTo(body[message.Properties.Length..]);
        return stored;
    }

    /// <summary>Stores a message unless it is a view of one that is stored; the caller holds one reference.</summary>
    public StoredMessage Hold(scoped in Message message)
    {
        if (message.Stored.IsNone)
        {
            return Add(message);
        }

        AddReference(message.Stored);
        return message.Stored;
    }

    /// <summary>Charges the memory that places of messages take, or gives it back when negative.</summary>
    public void Charge(long bytes)
    {
        if (_pool is { } pool)
        {
            pool.Charge(bytes);
        }
        else
        {
            _chargedBefore += bytes;
        }
    }

    /// <summary>A view over the block, valid as long as the caller's reference.</summary>
    public Message Read(StoredMessage stored)
    {
        ReadOnlySpan<byte> body = BlockOf(stored).Buffer.AsSpan(stored.Offset, stored.ByteCount);
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
            Stored = stored,
        };
    }

    /// <summary>The block that a message is in.</summary>
    public MessageBlock BlockOf(StoredMessage message) => _blocks[message.BlockNumber - 1];

    public void AddReference(StoredMessage message) => BlockOf(message).References++;

    /// <summary>Gives one reference up; with the last one of a block its memory is reused.</summary>
    public void Release(StoredMessage message) => Release(BlockOf(message));

    /// <summary>Gives up one reference to a message of the block.</summary>
    public void Release(MessageBlock block)
    {
        if (--block.References == 0)
        {
            Reuse(block);
        }
    }

    /// <summary>
    /// Exchanges the caller's reference for one to a copy among long-lived messages, so that one waiting message does not hold a
    /// whole chunk of short-lived ones. All who copy the same message out while its chunk lives share one copy.
    /// </summary>
    public StoredMessage CopyOut(StoredMessage message)
    {
        MessageBlock block = BlockOf(message);
        if (block.IsLongLived)
        {
            return message;
        }

        block.Copies ??= [];
        if (!block.Copies.TryGetValue(message.Offset, out StoredMessage copy))
        {
            copy = Reserve(message.ByteCount, longLived: true);
            block.Buffer.AsSpan(message.Offset, message.ByteCount).CopyTo(BlockOf(copy).Buffer.AsSpan(copy.Offset));
            block.Copies.Add(message.Offset, copy);
        }

        AddReference(copy);
        Release(message);
        return copy;
    }

    /// <summary>Gives back the chunks that are being filled, if nobody refers to them.</summary>
    public void Trim()
    {
        Drop(ref _shortLived);
        Drop(ref _longLived);
    }

    private void Drop(ref MessageBlock? current)
    {
        if (current is { References: 0 } block)
        {
            current = null;
            Reuse(block);
        }
    }

    private StoredMessage Reserve(int bytes, bool longLived)
    {
        if (bytes >= OwnBlockBytes)
        {
            return Take(OpenBlock(bytes, longLived: true), bytes);
        }

        ref MessageBlock? current = ref longLived ? ref _longLived : ref _shortLived;
        if (current is null || ChunkBytes - current.UsedBytes < bytes)
        {
            // The full one is referred to, else it had been reset; its last reference gives it back.
            current = OpenBlock(ChunkBytes, longLived);
        }

        return Take(current, bytes);
    }

    private static StoredMessage Take(MessageBlock block, int bytes)
    {
        int offset = block.UsedBytes;
        block.UsedBytes = (offset + bytes + Alignment - 1) & -Alignment;
        block.References++;
        return new StoredMessage(block.Number, offset, bytes);
    }

    private MessageBlock OpenBlock(int bytes, bool longLived)
    {
        if (!_unusedBlocks.TryPop(out MessageBlock? block))
        {
            block = new MessageBlock(this) { Number = _blocks.Count + 1 };
            _blocks.Add(block);
        }

        block.Buffer = Pool.Rent(bytes);
        block.IsLongLived = longLived;
        return block;
    }

    private void Reuse(MessageBlock block)
    {
        block.UsedBytes = 0;
        if (block.Copies is { Count: > 0 } copies)
        {
            foreach (StoredMessage copy in copies.Values)
            {
                Release(copy);
            }

            copies.Clear();
        }

        if (block != _shortLived && block != _longLived)
        {
            Pool.Return(block.Buffer);
            block.Buffer = [];
            _unusedBlocks.Push(block);
        }
    }
}
