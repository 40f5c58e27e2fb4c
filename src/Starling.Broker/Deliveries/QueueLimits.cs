using Starling.Broker.Diagnostics;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;

namespace Starling.Broker.Deliveries;

/// <summary>The limits of one session's queue. They never hold back publishers: something of this session is given up, counted.</summary>
internal sealed class QueueLimits(Shard shard)
{
    private BrokerOptions Options => shard.Engine.Options;

    /// <summary>Whether the queue takes one more message as it is; nothing is given up for it.</summary>
    public bool Fits(Outbox outbox, int messageBytes) =>
        outbox.Count < Options.SessionQueueMessagesMax && outbox.Bytes + messageBytes <= Options.SessionQueueBytesMax;

    /// <summary>Whether the queue takes one more message, perhaps after giving up an older one.</summary>
    public bool HasRoom(Session session, Outbox outbox, int messageBytes)
    {
        if (Fits(outbox, messageBytes))
        {
            // The episode lasts until half of the queue is free, or a slow consumer would begin a new one with each message.
            session.IsQueueFullLogged &=
                outbox.Count > Options.SessionQueueMessagesMax / 2 || outbox.Bytes > Options.SessionQueueBytesMax / 2;
            return true;
        }

        if (!session.IsQueueFullLogged)
        {
            session.IsQueueFullLogged = true;
            shard.Log.QueueFull(session, Options.SessionQueueFull);
        }

        switch (Options.SessionQueueFull)
        {
            case SessionQueueFull.DropOldest:
                return DropOldest(session, outbox, messageBytes);
            case SessionQueueFull.EndSession:
                shard.Counters.Drop(DropReason.SessionQueueFull);
                shard.Sessions.EndLater(session);
                return false;
            default:
                shard.Counters.Drop(DropReason.SessionQueueFull);
                return false;
        }
    }

    private bool DropOldest(Session session, Outbox outbox, int messageBytes)
    {
        if (messageBytes > Options.SessionQueueBytesMax)
        {
            // It would not fit in an empty queue either.
            shard.Counters.Drop(DropReason.SessionQueueFull);
            return false;
        }

        while (!Fits(outbox, messageBytes))
        {
            shard.Counters.Drop(DropReason.SessionQueueFull);
            if (!outbox.DropOldestUnsent(out ulong dropped))
            {
                return false;
            }

            shard.Records.Finished(session, dropped);
        }

        return true;
    }
}
