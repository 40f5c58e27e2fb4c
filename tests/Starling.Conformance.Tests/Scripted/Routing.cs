namespace Starling.Conformance.Tests.Scripted;

/// <summary>Who gets a message, and how.</summary>
internal sealed class Routing(ScriptedServer server)
{
    private readonly Dictionary<string, int> _turns = [];

    public bool Deliver(ScriptedMessage message)
    {
        if (server.Has(Fault.ShareTopicDelivered) && message.Topic.Split('/', 3) is ["$share", _, string topic])
        {
            message = message with { Topic = topic };
        }

        bool isMatched = false;
        Dictionary<string, List<(ScriptedSession Session, ScriptedSubscription Subscription)>> shares = [];
        foreach (ScriptedSession session in server.Sessions.All)
        {
            List<ScriptedSubscription> matching = [];
            foreach (ScriptedSubscription subscription in session.Subscriptions.Values)
            {
                if (!subscription.IsMatch(message.Topic, server.Fault))
                {
                    continue;
                }

                if (subscription.Share is null)
                {
                    matching.Add(subscription);
                    continue;
                }

                string share = ShareOf(subscription, session);
                shares.TryAdd(share, []);
                shares[share].Add((session, subscription));
            }

            isMatched |= matching.Count > 0;
            DeliverTo(session, matching, message);
        }

        foreach ((string share, List<(ScriptedSession Session, ScriptedSubscription Subscription)> members) in shares)
        {
            isMatched = true;
            DeliverShared(share, members, message);
        }

        return isMatched;
    }

    public void PassOn(Delivery delivery, ScriptedSession from)
    {
        if (delivery.Share is not { } share)
        {
            return;
        }

        foreach (ScriptedSession session in server.Sessions.All)
        {
            bool IsMember(ScriptedSubscription subscription) => subscription.Share is not null && ShareOf(subscription, session) == share;

            if (session != from && session.Subscriptions.Values.Any(IsMember))
            {
                session.Window.Add(new Delivery(delivery.Message, delivery.Qos, delivery.Retain, delivery.SubscriptionIdentifiers));
                return;
            }
        }
    }

    private string ShareOf(ScriptedSubscription subscription, ScriptedSession session) => server.Fault switch
    {
        Fault.SharesMerged => subscription.Filter,
        Fault.ShareToEveryMember => $"{session.ClientIdentifier} {subscription.Share}/{subscription.Filter}",
        _ => $"{subscription.Share}/{subscription.Filter}",
    };

    private void DeliverTo(ScriptedSession session, List<ScriptedSubscription> matching, ScriptedMessage message)
    {
        if (message.Publisher == session.ClientIdentifier && !server.Has(Fault.NoLocalIgnored))
        {
            matching.RemoveAll(subscription => subscription.NoLocal);
        }

        if (matching.Count == 0 || (server.Has(Fault.OfflineQos2LeftOut) && session.Connection is null && message.Qos == 2))
        {
            return;
        }

        if (server.Fault is Fault.OverlappingWithEveryIdentifier or Fault.ResubscribeDoubles)
        {
            foreach (ScriptedSubscription subscription in matching)
            {
                session.Window.Add(NewDelivery(message, subscription, server.Has(Fault.ResubscribeDoubles) ? [subscription] : matching));
            }

            return;
        }

        ScriptedSubscription best = server.Has(Fault.OverlappingAtLowestQos)
            ? matching.MinBy(subscription => subscription.Qos) ?? matching[0]
            : matching.MaxBy(subscription => subscription.Qos) ?? matching[0];
        List<ScriptedSubscription> named = server.Has(Fault.OverlappingWithOneIdentifier) ? [best] : matching;
        session.Window.Add(NewDelivery(message, best, named));
    }

    private void DeliverShared(
        string share, List<(ScriptedSession Session, ScriptedSubscription Subscription)> members, ScriptedMessage message)
    {
        List<(ScriptedSession, ScriptedSubscription)> online = members.FindAll(member => member.Session.Connection is not null);
        List<(ScriptedSession, ScriptedSubscription)> able = online.Count > 0 ? online : members;
        int turn = _turns.GetValueOrDefault(share);
        _turns[share] = turn + 1;
        (ScriptedSession session, ScriptedSubscription subscription) = able[turn % able.Count];
        Delivery delivery = NewDelivery(message, subscription, [subscription]);
        session.Window.Add(server.Has(Fault.ShareIgnoresGrantedQos)
            ? new Delivery(message, message.Qos, delivery.Retain, delivery.SubscriptionIdentifiers) { Share = share }
            : delivery with { Share = share });
    }

    private Delivery NewDelivery(ScriptedMessage message, ScriptedSubscription subscription, List<ScriptedSubscription> matching)
    {
        int[] identifiers = [.. matching.Select(other => other.Identifier).Where(identifier => identifier > 0)];
        bool isAsPublished = server.Fault switch
        {
            Fault.RetainAsPublishedIgnored => false,
            Fault.RetainFlagAlwaysForwarded => true,
            _ => matching.Exists(other => other.RetainAsPublished),
        };
        int qos = server.Fault switch
        {
            Fault.DeliveredAsGranted when subscription.Share is null => subscription.Qos,
            Fault.DeliveredAsPublished when subscription.Share is null => message.Qos,
            _ => Math.Min(message.Qos, subscription.Qos),
        };
        return new Delivery(message, qos, message.Retain && isAsPublished, identifiers);
    }
}
