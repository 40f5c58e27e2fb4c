using System.Runtime.InteropServices;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;

namespace Starling.Broker.Deliveries;

/// <summary>
/// Each message goes to one member of each group [U5-34]: the publisher's shard picks, online members first, then absent persistent ones.
/// What a member cannot take goes to the next; what it leaves behind when its session ends goes to the next too.
/// </summary>
internal sealed class SharedDeliveries(Shard shard)
{
    /// <summary>Gives the message in hand to the next member; returns it when it lives on another shard and is still to be asked.</summary>
    public SharedMember? Deliver(ref Message message, SharedOrigin origin)
    {
        ref int cursor = ref origin.Group.CursorOf(shard.Index);
        while (origin.Group.Pick(ref cursor, CollectionsMarshal.AsSpan(origin.Tried)) is { } member)
        {
            origin.Tried.Add(member.Session.Number);
            if (member.Shard != shard.Index)
            {
                return member;
            }

            if (TryMember(ref message, member, origin))
            {
                return null;
            }
        }

        shard.Counters.Drop(DropReason.NoSharedMember);
        return null;
    }

    /// <summary>A member of this shard was picked by another; when it cannot take the message, the picking goes on from here.</summary>
    public void Receive(ref Message message, SharedMember member, SharedOrigin origin)
    {
        if (!TryMember(ref message, member, origin))
        {
            PassOn(ref message, origin);
        }
    }

    /// <summary>
    /// Gives what an ended session leaves to other members: QoS 1 not acknowledged, and QoS 2 not yet sent. QoS 2 already sent goes to nobody
    /// else [MQTT-4.8.2-5].
    /// </summary>
    /// <returns>How many were handed over.</returns>
    public int HandOver(Session session)
    {
        if (session.SharedOrigins is not { Count: > 0 } origins || session.Outbox is not { } outbox)
        {
            return 0;
        }

        int count = 0;
        OutboxEnumerator unfinished = outbox.Unfinished;
        while (unfinished.MoveNext())
        {
            ref OutboxEntry entry = ref unfinished.Entry;
            bool mayMove = entry.State == OutboxState.Queued || (entry.State == OutboxState.Sent && entry.Qos == QualityOfService.AtLeastOnce);
            if (!entry.IsShared || !mayMove || !TryFind(origins, unfinished.Sequence, out SharedOrigin? origin))
            {
                continue;
            }

            Message message = entry.Message.Read();
            shard.LocalDeliveries.Begin();
            PassOn(ref message, origin);
            shard.Router.RecordHere(message);
            shard.LocalDeliveries.End();
            count++;
        }

        return count;
    }

    /// <summary>Keeps where a delivery came from, behind those of lower sequence numbers.</summary>
    public static void Remember(Session session, ulong sequence, SharedOrigin shared) =>
        (session.SharedOrigins ??= new()).Enqueue((sequence, shared));

    /// <summary>Everything below this sequence number is finished.</summary>
    public static void Forget(Session session, ulong oldestSequence)
    {
        while (session.SharedOrigins is { } origins
            && origins.TryPeek(out (ulong Sequence, SharedOrigin Origin) oldest) && oldest.Sequence < oldestSequence)
        {
            origins.Dequeue();
        }
    }

    private void PassOn(ref Message message, SharedOrigin origin)
    {
        if (Deliver(ref message, origin) is { } remote)
        {
            shard.Mail.PostShared(remote.Shard, message, remote, origin, null);
        }
    }

    private static bool TryFind(
        Queue<(ulong Sequence, SharedOrigin Origin)> origins,
        ulong sequence,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SharedOrigin? origin)
    {
        while (origins.TryPeek(out (ulong Sequence, SharedOrigin Origin) first) && first.Sequence <= sequence)
        {
            origins.Dequeue();
            if (first.Sequence == sequence)
            {
                origin = first.Origin;
                return true;
            }
        }

        origin = null;
        return false;
    }

    private bool TryMember(ref Message message, SharedMember member, SharedOrigin origin)
    {
        Session session = member.Session;
        if (session.IsEnded || !LocalDeliveries.TryTerms(ref message, member.Subscription, out DeliveryTerms terms))
        {
            return false;
        }

        shard.SpentDeliveries++;
        return shard.LocalDeliveries.ToSession(session, ref message, terms, origin);
    }
}
