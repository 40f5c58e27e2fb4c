using System.Runtime.InteropServices;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Publishing;
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
    /// <returns>Whether another shard answers the gather now.</returns>
    public bool Receive(ref Message message, SharedMember member, in LetterAddress address) =>
        address.Origin is { } origin && !TryMember(ref message, member, origin) && PassOn(ref message, origin, address.Gather, address.Stage);

    /// <summary>Reserves a place for a Will with the first member in turn if its copy would be in a record; else nobody has got anything.</summary>
    public bool TryReserve(ref Message message, SharedOrigin origin, Gather gather)
    {
        ref int cursor = ref origin.Group.CursorOf(shard.Index);
        if (message.Qos == QualityOfService.AtMostOnce || origin.Group.Pick(ref cursor, []) is not { IsPersistent: true } member
            || member.Subscription.MaximumQos == QualityOfService.AtMostOnce)
        {
            return false;
        }

        origin.Tried.Add(member.Session.Number);
        return member.Shard == shard.Index
            ? TryMember(ref message, member, origin)
            : shard.Mail.PostShared(message, member, origin, gather, DeliveryStage.Recorded);
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

    /// <summary>Gives the message in hand to the next member.</summary>
    /// <returns>Whether another shard answers the gather.</returns>
    public bool PassOn(ref Message message, SharedOrigin origin, Gather? gather, DeliveryStage stage) =>
        Deliver(ref message, origin) is { } remote && shard.Mail.PostShared(message, remote, origin, gather, stage);

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
