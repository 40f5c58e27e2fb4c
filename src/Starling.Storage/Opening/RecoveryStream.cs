using System.Text;
using Starling.Broker.Ports;
using Starling.Storage.Commits;
using Starling.Storage.State;

namespace Starling.Storage.Opening;

/// <summary>Gives the index to a broker.</summary>
internal sealed class RecoveryStream(StoreState state, IRecoverySink sink)
{
    /// <summary>Sessions, each with what is in it.</summary>
    public void GiveSessions()
    {
        for (int slot = 0; slot < state.Sessions.Slots.Length; slot++)
        {
            if (state.Sessions.Slots[slot] is { } session)
            {
                sink.Session(Describe(session));
                GiveContent(session);
            }
        }
    }

    /// <summary>Retained messages, which are read from the disk here; those that cannot be read are left out.</summary>
    /// <returns>How many were left out.</returns>
    public int GiveRetained(MessageReader reader)
    {
        int unreadable = 0;
        for (int slot = 0; slot < state.Retained.Slots.Length; slot++)
        {
            if (state.Retained.Slots[slot] is { IsDeleted: false } retained)
            {
                if (reader.ReadRetained(retained) is { } message)
                {
                    sink.Retained(message, retained.Revision);
                }
                else
                {
                    unreadable++;
                }
            }
        }

        return unreadable;
    }

    private void GiveContent(SessionState session)
    {
        SlotList<StoredSubscription> subscriptions = session.Subscriptions.Slots;
        for (int slot = 0; slot < subscriptions.Length; slot++)
        {
            if (subscriptions[slot] is { } subscription)
            {
                sink.Subscription(subscription.Filter, subscription.Options, subscription.Identifier);
            }
        }

        ulong from = 0;
        while (session.TryNextDelivery(from, out ulong sequence, out QueueEntry entry))
        {
            sink.Delivery(Describe(session, sequence, entry));
            from = sequence + 1;
            if (from == 0)
            {
                break;
            }
        }

        foreach (ushort identifier in session.Incoming ?? [])
        {
            sink.Incoming(identifier);
        }
    }

    public static RecoveredDelivery Describe(SessionState session, ulong sequence, in QueueEntry entry)
    {
        uint[]? several = session.IdentifiersOf(sequence, entry);
        return new RecoveredDelivery(
            sequence,
            entry.Qos,
            entry.Retain,
            entry.IsReceived,
            several is null ? entry.Identifier : 0,
            several,
            session.SharedFilterOf(entry) is { } filter ? Encoding.UTF8.GetString(filter) : null,
            SizeCode.Decode(entry.Size));
    }

    public static RecoveredSession Describe(SessionState session) => new()
    {
        Number = session.Number,
        ClientIdentifier = Encoding.UTF8.GetString(session.ClientIdentifier),
        Epoch = session.Epoch,
        Version = session.Version,
        UserName = session.UserName is { } userName ? Encoding.UTF8.GetString(userName) : null,
        ExpirySeconds = session.ExpirySeconds,
        AwaySinceUtcMilliseconds = session.AwaySinceUtcMilliseconds,
        NextSequence = session.NextSequence,
        SentBelow = session.SentBelow,
        Will = session.Will is { } will
            ? new RecoveredWill
            {
                Topic = will.Topic,
                Payload = will.Payload,
                Properties = will.Properties,
                Qos = will.Qos,
                Retain = will.Retain,
                DelaySeconds = will.DelaySeconds,
                MessageExpirySeconds = will.MessageExpirySeconds,
            }
            : null,
    };
}
