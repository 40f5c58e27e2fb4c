using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Ports;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Reads messages back that wait in the durable store, a piece at a time and one piece for each session, so that a backlog of any length is delivered
/// in the memory of a piece.
/// </summary>
internal sealed class Backlogs(Shard shard)
{
    private const int MessagesMax = 256;
    private const int BytesMax = 256 << 10;

    private readonly Dictionary<ulong, HandOver> _handOvers = [];

    /// <summary>Asks for the next messages of a session; does nothing while an answer is awaited.</summary>
    public void Load(Session session, Outbox outbox)
    {
        if (session.IsLoading)
        {
            return;
        }

        Span<ulong> sequences = stackalloc ulong[MessagesMax];
        int count = outbox.FindElsewhere(sequences, shard.Holds.IsMemoryOver ? 1 : BytesMax);
        if (count > 0)
        {
            session.IsLoading = true;
            shard.Store.Read(session.Number, sequences[..count]);
        }
    }

    /// <summary>What was asked for has been read.</summary>
    public void Receive(ulong number, RecoveredMessage[] messages, ulong[] asked)
    {
        if (_handOvers.Remove(number, out HandOver? handOver))
        {
            handOver.Receive(messages, asked);
            return;
        }

        if (shard.Sessions.Find(number) is not { Outbox: { } outbox } session)
        {
            return;
        }

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
        session.CopiedUpTo = Math.Min(session.CopiedUpTo, asked[0]);
        shard.LongWaits.Add(session);
        shard.Deliveries.Pump(session);
    }

    /// <summary>Asks for messages that an ended session leaves to others.</summary>
    public void Read(HandOver handOver, ulong session, ulong[] sequences)
    {
        _handOvers.Add(session, handOver);
        shard.Store.Read(session, sequences);
    }

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

    private void Fill(Outbox outbox, RecoveredMessage read)
    {
        StoredMessage stored = shard.Messages.Add(View(read));
        if (!outbox.Fill(read.Sequence, stored))
        {
            shard.Messages.Release(stored);
        }
    }
}
