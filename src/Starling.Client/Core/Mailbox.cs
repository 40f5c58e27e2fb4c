using Starling.Protocol;
using Starling.Protocol.Connections;
using Starling.Protocol.Loops;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>
/// Letters of any thread to the loop, in order. QoS 0 packets are written into shared batches, so that a stream of them costs one
/// wake-up and no allocation for many.
/// </summary>
internal sealed class Mailbox
{
    private const int EncodedBytesMax = 1024 * 1024;
    private const int SpareBatchesMax = 16;

    private readonly Lock _gate = new();
    private readonly Stack<EncodedBatch> _spare = new();
    private List<Letter> _letters = [];
    private List<Letter> _read = [];
    private EncodedBatch? _open;
    private long _encodedBytes;
    private TaskCompletionSource? _room;
    private ILoop? _loop;

    /// <summary>Whether there are letters. Any thread.</summary>
    public bool HasMail
    {
        get
        {
            lock (_gate)
            {
                return _letters.Count > 0;
            }
        }
    }

    /// <summary>The loop is known from its start on; letters posted before are read in its first iteration.</summary>
    public void Start(ILoop loop)
    {
        bool hasMail;
        lock (_gate)
        {
            _loop = loop;
            hasMail = _letters.Count > 0;
        }

        if (hasMail)
        {
            loop.Wake();
        }
    }

    public void Post(OutgoingMessage message) => Post(new Letter(message, default, default));

    /// <summary>The store has written down that PUBREC took a message.</summary>
    public void Post(PublishCall received) => Post(new Letter(received, default, default));

    public void Post(Action<Instant> action) => Post(new Letter(action, default, default));

    /// <summary>An acknowledgement, with a Reason String in UTF-8 or without.</summary>
    public void Post(in IncomingToken token, ReasonCode reason, byte[]? reasonString) => Post(new Letter(reasonString, token, reason));

    /// <summary>Writes a QoS 0 packet into a batch; false when the loop is behind and the packet must wait for room.</summary>
    public bool TryPost(scoped PublishPacket packet, byte[] topic, int packetBytes, LiveLink live)
    {
        bool isFirst;
        ILoop? loop;
        lock (_gate)
        {
            if (_encodedBytes > 0 && _encodedBytes + packetBytes > EncodedBytesMax)
            {
                return false;
            }

            // In the order of the packets, so that no alias is used before it is set.
            if (packetBytes + OutgoingAliases.ExtraBytesMax <= live.Limits.MaximumPacketBytes)
            {
                packet.TopicAlias = live.Aliases.Use(topic, out bool isKnown);
                packet.Topic = isKnown ? default : packet.Topic;
                packetBytes = packet.TopicAlias == 0 ? packetBytes : packet.GetByteCount(live.Limits.Version);
            }

            isFirst = _letters.Count == 0;
            loop = _loop;
            if (_open is null || !_open.HasRoom(live.Generation, packetBytes))
            {
                _open = _spare.TryPop(out EncodedBatch? spare) ? spare : new EncodedBatch();
                _open.Reset(live.Generation);
                _letters.Add(new Letter(_open, default, default));
            }

            _open.Append(packet, packetBytes, live.Limits.Version);
            _encodedBytes += packetBytes;
        }

        if (isFirst)
        {
            loop?.Wake();
        }

        return true;
    }

    /// <summary>A task that is done when <see cref="TryPost"/> may work for so large a packet.</summary>
    public Task WhenRoom(int packetBytes)
    {
        lock (_gate)
        {
            // Half of it free, so that not every packet is waited for anew; or more, for one that needs more.
            if (_encodedBytes <= Math.Max(0, Math.Min(EncodedBytesMax / 2, EncodedBytesMax - packetBytes)))
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Takes all letters. They are valid until the next call. The loop's thread.</summary>
    public List<Letter> TakeAll()
    {
        _read.Clear();
        lock (_gate)
        {
            (_letters, _read) = (_read, _letters);
            _open = null;
        }

        return _read;
    }

    /// <summary>A batch has been written or given up. The loop's thread.</summary>
    public void Return(EncodedBatch batch)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            _encodedBytes -= batch.LengthBytes;
            if (_encodedBytes <= EncodedBytesMax / 2)
            {
                (room, _room) = (_room, null);
            }

            if (batch.IsReusable && _spare.Count < SpareBatchesMax)
            {
                _spare.Push(batch);
            }
        }

        room?.TrySetResult();
    }

    private void Post(Letter letter)
    {
        bool isFirst;
        ILoop? loop;
        lock (_gate)
        {
            isFirst = _letters.Count == 0;
            _letters.Add(letter);
            _open = null;
            loop = _loop;
        }

        if (isFirst)
        {
            loop?.Wake();
        }
    }
}
