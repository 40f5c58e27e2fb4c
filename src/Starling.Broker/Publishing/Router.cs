using Starling.Broker.Connections;
using Starling.Broker.Deliveries;
using Starling.Broker.Messages;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;

namespace Starling.Broker.Publishing;

/// <summary>
/// Leads a message from its publisher's shard to everybody: the sessions of this shard, one letter to each other shard that has
/// subscribers, one member of each shared group; and its record into the store when somebody persistent is among them.
/// </summary>
internal sealed class Router(Shard shard)
{
    public PublishOutcome Publish(ref Message message, in MessageOrigin origin, Session? publisher)
    {
        MatchResult match = shard.Matches.Find(message.Topic);
        bool isKept = origin.RetainedRevision != 0;
        if (match.IsEmpty && !isKept && !MustQueue(message, publisher))
        {
            return default;
        }

        shard.LocalDeliveries.Begin();
        shard.LocalDeliveries.ToAll(ref message, match);
        Gather? gather = null;
        if (message.Qos != QualityOfService.AtMostOnce && match.RemotePersistentShards.Length > 0)
        {
            gather = shard.Gathering.Begin(message, origin, publisher);
        }

        foreach (int other in match.RemoteShards)
        {
            bool isAsked = gather is not null && match.RemotePersistentShards.Contains(other);
            shard.Mail.Post(other, message, isAsked ? gather : null, DeliveryStage.Whole);
        }

        foreach (SharedGroup group in match.Groups)
        {
            SharedOrigin shared = new(group);
            if (shard.SharedDeliveries.Deliver(ref message, shared) is { } member)
            {
                if (gather is null && member.IsPersistent && message.Qos != QualityOfService.AtMostOnce)
                {
                    gather = shard.Gathering.Begin(message, origin, publisher);
                }

                shard.Mail.PostShared(message, member, shared, gather, DeliveryStage.Whole);
            }
        }

        Ticket ticket = Record(message, origin, publisher, gather, isKept);
        shard.LocalDeliveries.End();
        return new PublishOutcome(!match.IsEmpty, ticket);
    }

    /// <summary>Delivers what another shard published; this shard's own sessions only.</summary>
    public void Receive(ref Message message, Gather? gather, DeliveryStage stage)
    {
        MatchResult match = shard.Matches.Find(message.Topic);
        shard.LocalDeliveries.Begin(stage);
        shard.LocalDeliveries.ToAll(ref message, match);
        Answer(message, gather);
        shard.LocalDeliveries.End();
    }

    /// <summary>Tells the publisher's shard, in this iteration, which persistent sessions have taken the message.</summary>
    public void Answer(scoped in Message message, Gather? gather)
    {
        if (gather is not null)
        {
            shard.Gathering.Reserve(shard.LocalDeliveries.References);
            shard.Mail.PostControl(gather.Shard.Index, new GatherReply(gather, shard.Index, shard.LocalDeliveries.References.ToArray()));
        }
        else
        {
            RecordHere(message);
        }
    }

    /// <summary>
    /// The record of persistent sessions that took the message in hand without being asked by its publisher's shard: members of a shared
    /// group that got it in another's place, and those that became persistent meanwhile.
    /// </summary>
    public void RecordHere(scoped in Message message)
    {
        if (shard.LocalDeliveries.References.Length > 0)
        {
            ulong lsn = shard.Records.Message(message, default, shard.LocalDeliveries.References);
            shard.Gathering.ReleaseWhenStored(lsn, shard.LocalDeliveries.References);
        }
    }

    /// <summary>The identifier of a QoS 2 message is a record too, also when nobody is subscribed, and has its place in that order.</summary>
    private static bool MustQueue(scoped in Message message, Session? publisher) =>
        message.Qos == QualityOfService.ExactlyOnce && publisher is { IsPersistent: true, Stored.Gathers.Count: > 0 };

    private Ticket Record(scoped in Message message, in MessageOrigin origin, Session? publisher, Gather? gather, bool isKept)
    {
        bool hasRecord = isKept || shard.LocalDeliveries.References.Length > 0 || MustQueue(message, publisher);
        if (gather is null && hasRecord && publisher?.Stored?.Gathers is { Count: > 0 })
        {
            // The records of one publisher stand in the order in which its messages arrived, so this one queues behind a gather.
            gather = shard.Gathering.Begin(message, origin, publisher);
        }

        if (gather is not null)
        {
            shard.Gathering.AddOwn(gather, shard.LocalDeliveries.References);
            return new Ticket(gather.Ticket);
        }

        if (!isKept && shard.LocalDeliveries.References.Length == 0)
        {
            return default;
        }

        ulong lsn = shard.Records.Message(message, origin, shard.LocalDeliveries.References);
        shard.Gathering.ReleaseWhenStored(lsn, shard.LocalDeliveries.References);
        return new Ticket(lsn);
    }
}
