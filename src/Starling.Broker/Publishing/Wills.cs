using Starling.Broker.Deliveries;
using Starling.Broker.Diagnostics;
using Starling.Broker.Messages;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;
using Starling.Broker.Shards;
using Starling.Protocol;

namespace Starling.Broker.Publishing;

/// <summary>
/// Publishes Wills. One from the store is published once, whatever happens: its record takes it out of the store together with the places of those who must get
/// it, and nobody gets anything before that record is stored.
/// </summary>
internal sealed class Wills(Shard shard)
{
    public void Publish(ref Message message, Session session)
    {
        MessageOrigin origin = new(session.Epoch, 0, 0, IsWill: true);
        if (message.Retain && !shard.Retained.TryKeep(ref message, ref origin))
        {
            shard.Counters.Drop(DropReason.RetainedQuota);
        }

        if (shard.Messages.IsBacked && session.IsRecorded)
        {
            PublishStored(ref message, origin, session);
        }
        else
        {
            shard.Router.Publish(ref message, origin, session);
        }
    }

    private void PublishStored(ref Message message, in MessageOrigin origin, Session session)
    {
        StoredMessage stored = shard.Messages.Hold(message);
        message.Stored = stored;
        shard.Messages.AddReference(stored);
        List<SharedGroup> left = [];
        Gather gather = shard.Gathering.BeginWill(stored, origin, session, () => PublishRest(stored, left));
        MatchResult match = shard.Matches.Find(message.Topic);
        shard.LocalDeliveries.Begin(DeliveryStage.Recorded);
        shard.LocalDeliveries.ToAll(ref message, match);
        if (message.Qos != QualityOfService.AtMostOnce)
        {
            foreach (int other in match.RemotePersistentShards)
            {
                shard.Mail.Post(other, message, gather, DeliveryStage.Recorded);
            }
        }

        foreach (SharedGroup group in match.Groups)
        {
            SharedOrigin shared = new(group);
            if (!shard.SharedDeliveries.TryReserve(ref message, shared, gather))
            {
                left.Add(group);
            }
        }

        shard.Gathering.AddOwn(gather, shard.LocalDeliveries.References);
        shard.LocalDeliveries.End();
    }

    /// <summary>The record is stored: everybody who is not in it gets the Will now.</summary>
    private void PublishRest(StoredMessage stored, List<SharedGroup> groups)
    {
        Message message = shard.Messages.Read(stored);
        MatchResult match = shard.Matches.Find(message.Topic);
        shard.LocalDeliveries.Begin(DeliveryStage.Rest);
        shard.LocalDeliveries.ToAll(ref message, match);
        foreach (int other in match.RemoteShards)
        {
            shard.Mail.Post(other, message, null, DeliveryStage.Rest);
        }

        shard.LocalDeliveries.End();
        foreach (SharedGroup group in groups)
        {
            shard.LocalDeliveries.Begin();
            shard.SharedDeliveries.PassOn(ref message, new SharedOrigin(group), null, DeliveryStage.Whole);
            shard.Router.RecordHere(message);
            shard.LocalDeliveries.End();
        }

        shard.Messages.Release(stored);
    }
}
