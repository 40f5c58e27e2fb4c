using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Starling.Broker.Messages;
using Starling.Protocol;

namespace Starling.Broker.Shards;

/// <summary>Messages for one shard, handed over as one: bytes in a row, and the addresses of the few that have one.</summary>
internal sealed class MailBatch
{
    /// <summary>A batch that grew larger is not used again.</summary>
    private const int KeptBytesMax = 1 << 20;

    private static readonly int HeaderBytes = Unsafe.SizeOf<LetterHeader>();

    private byte[] _bytes = new byte[16 << 10];
    private readonly List<LetterAddress> _addresses = [];
    private int _read;

    public int ByteCount { get; private set; }

    public int CapacityBytes => _bytes.Length;

    public bool IsWorthKeeping => _bytes.Length <= KeptBytesMax;

    public void Add(in Message message, in LetterAddress? address)
    {
        int count = HeaderBytes + message.Topic.Length + message.Properties.Length + message.Payload.Length;
        int start = (ByteCount + 7) & ~7;
        if (start + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(start + count, _bytes.Length * 2));
        }

        LetterHeader header = new()
        {
            ExpiresAtUtcMilliseconds = message.ExpiresAtUtcMilliseconds,
            Publisher = message.Publisher,
            TopicBytes = message.Topic.Length,
            PropertiesBytes = message.Properties.Length,
            PayloadBytes = message.Payload.Length,
            Address = address is null ? -1 : _addresses.Count,
            Qos = (byte)message.Qos,
            Retain = message.Retain ? (byte)1 : (byte)0,
        };
        Span<byte> span = _bytes.AsSpan(start);
        MemoryMarshal.Write(span, header);
        message.Topic.CopyTo(span[HeaderBytes..]);
        message.Properties.CopyTo(span[(HeaderBytes + message.Topic.Length)..]);
        message.Payload.CopyTo(span[(HeaderBytes + message.Topic.Length + message.Properties.Length)..]);
        ByteCount = start + count;
        if (address is { } known)
        {
            _addresses.Add(known);
        }
    }

    /// <summary>The next message; it is valid until the batch is reset.</summary>
    public bool TryRead(out Message message, out LetterAddress address)
    {
        message = default;
        address = default;
        int start = (_read + 7) & ~7;
        if (start >= ByteCount)
        {
            return false;
        }

        ReadOnlySpan<byte> span = _bytes.AsSpan(start);
        LetterHeader header = MemoryMarshal.Read<LetterHeader>(span);
        span = span[HeaderBytes..];
        message = new Message
        {
            Topic = span[..header.TopicBytes],
            Properties = span.Slice(header.TopicBytes, header.PropertiesBytes),
            Payload = span.Slice(header.TopicBytes + header.PropertiesBytes, header.PayloadBytes),
            ExpiresAtUtcMilliseconds = header.ExpiresAtUtcMilliseconds,
            Publisher = header.Publisher,
            Qos = (QualityOfService)header.Qos,
            Retain = header.Retain != 0,
        };
        address = header.Address < 0 ? default : _addresses[header.Address];
        _read = start + HeaderBytes + header.TopicBytes + header.PropertiesBytes + header.PayloadBytes;
        return true;
    }

    public void Reset()
    {
        ByteCount = 0;
        _read = 0;
        _addresses.Clear();
    }
}
