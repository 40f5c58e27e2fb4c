using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Reads messages back that wait in the durable store, a piece at a time, one piece for each session and a few for the shard, so that backlogs of any
/// length are delivered in the memory of some pieces.
/// </summary>
internal sealed class Backlogs(Shard shard)
{
    private const int MessagesMax = 256;
    private const int BytesMax = 256 << 10;

    /// <summary>So many bytes are asked for at a time, however many sessions wait.</summary>
    private const long AskedBytesMax = 4 << 20;

    private readonly Dictionary<ulong, HandOver> _handOvers = [];
    private readonly Queue<Session> _queue = new();
    private readonly Dictionary<ulong, int> _asked = [];
    private long _askedBytes;

    /// <summary>Asks for the next messages of a session; does nothing while an answer is awaited.</summary>
    public void Load(Session session, Outbox outbox)
    {
        if (session.IsLoading)
        {
            return;
        }

        session.IsLoading = true;
        if (_askedBytes >= AskedBytesMax)
        {
            _queue.Enqueue(session);
            return;
        }

        Ask(session, outbox);
    }

    /// <summary>What was asked for has been read.</summary>
    public void Receive(ulong number, RecoveredMessage[] messages, ulong[] asked)
    {
        if (_asked.Remove(number, out int askedBytes))
        {
            _askedBytes -= askedBytes;
        }

        if (_handOvers.TryGetValue(number, out HandOver? handOver))
        {
            handOver.Receive(messages, asked);
        }
        else if (shard.Sessions.Find(number) is { Outbox: { } outbox } session)
        {
            Fill(session, outbox, messages, asked);
        }

        AskForNext();
    }

    /// <summary>An ended session has something to hand over.</summary>
    public void Add(ulong session, HandOver handOver) => _handOvers.Add(session, handOver);

    public void Remove(ulong session) => _handOvers.Remove(session);

    public HandOver? FindHandOver(ulong session) => _handOvers.GetValueOrDefault(session);

    /// <summary>A message that was read back.</summary>
    public static Message View(RecoveredMessage read) => new()
    {
        Topic = read.Topic.Span,
        Properties = read.Properties.Span,
        Payload = read.Payload.Span,
        Qos = read.Qos,
        Retain = read.Retain,
        ExpiresAtUtcMilliseconds = read.ExpiresAtUtcMilliseconds,
        Publisher = read.Publisher,
    };

    private void Ask(Session session, Outbox outbox)
    {
        Span<ulong> sequences = stackalloc ulong[MessagesMax];
        int count = outbox.FindElsewhere(sequences, shard.Holds.IsMemoryOver ? 1 : BytesMax, out int bytes);
        if (count == 0)
        {
            session.IsLoading = false;
            return;
        }

        _asked[session.Number] = bytes;
        _askedBytes += bytes;
        shard.Store.Read(session.Number, sequences[..count]);
    }

    private void AskForNext()
    {
        while (_askedBytes < AskedBytesMax && _queue.TryDequeue(out Session? next))
        {
            if (!next.IsEnded && next.Outbox is { } outbox)
            {
                Ask(next, outbox);
            }
        }
    }

    private void Fill(Session session, Outbox outbox, RecoveredMessage[] messages, ulong[] asked)
    {
        session.IsLoading = false;
        int read = 0;
        foreach (ulong sequence in asked)
        {
            if (read < messages.Length && messages[read].Sequence == sequence)
            {
                Fill(outbox, messages[read++]);
            }
            else if (outbox.GiveUp(sequence))
            {
                shard.Counters.Drop(DropReason.Unreadable);
                shard.Log.DeliveryUnreadable(session, sequence);
                shard.Records.Finished(session, sequence);
            }
        }

        // They leave the memory again when they wait long.
        outbox.CopiedUpTo = Math.Min(outbox.CopiedUpTo, asked[0]);
        shard.LongWaits.Add(session);
        shard.Deliveries.Pump(session);
    }

    private void Fill(Outbox outbox, RecoveredMessage read)
    {
        StoredMessage stored = shard.Messages.Add(View(read));
        if (!outbox.Fill(read.Sequence, stored))
        {
            shard.Messages.Release(stored);
        }
    }
}
