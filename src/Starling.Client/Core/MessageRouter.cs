using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>Knows the subscriptions, and gives what arrives to those that it is for. The loop's thread.</summary>
internal sealed class MessageRouter(Mailbox mailbox, EventDispatcher events)
{
    public SubscriptionRegistry Registry { get; } = new();

    /// <summary>What no subscription wants yet.</summary>
    public UnroutedMessages Held { get; } = new();

    /// <summary>A message arrived.</summary>
    public void Deliver(in Arrival arrival, in Instant now)
    {
        IReadOnlyList<RegisteredSubscription> receivers = Registry.Match(arrival);
        if (receivers.Count > 0)
        {
            Give(arrival, receivers);
        }
        else if (Registry.FindLeaving(arrival.Topic) is { } leaving)
        {
            // Sent before the server had UNSUBSCRIBE: nobody will want it, and the acknowledgements of others must not wait for it.
            if (arrival.Token.Qos != QualityOfService.AtMostOnce)
            {
                mailbox.Post(arrival.Token, ReasonCode.Success, null);
            }

            events.Dropped(DropReason.SubscriptionDisposed, leaving.Subscription, 1);
        }
        else if (arrival.Token.Qos == QualityOfService.AtMostOnce)
        {
            events.Dropped(DropReason.NoSubscription, null, 1);
        }
        else
        {
            Held.Hold(arrival, now.MonotonicMilliseconds);
        }
    }

    /// <summary>A new subscription gets what was held for it.</summary>
    public void DeliverHeld(RegisteredSubscription registered)
    {
        foreach (Arrival arrival in Held.Take(registered))
        {
            Give(arrival, [registered]);
        }
    }

    private void Give(in Arrival arrival, IReadOnlyList<RegisteredSubscription> receivers)
    {
        PendingAcknowledgement? acknowledgement = arrival.Token.Qos == QualityOfService.AtMostOnce
            ? null
            : new PendingAcknowledgement(mailbox, arrival.Token, receivers.Count);
        for (int i = 0; i < receivers.Count; i++)
        {
            MqttSubscription subscription = receivers[i].Subscription;
            MqttDelivery delivery = subscription.CreateDelivery(arrival, acknowledgement);
            if (!subscription.Queue.TryAdd(delivery, out int dropped))
            {
                // Disposed, and the loop has not been told yet: nobody will take it, and the acknowledgements of others must not wait for it.
                delivery.Take(ReasonCode.Success);
                events.Dropped(DropReason.SubscriptionDisposed, subscription, 1);
            }
            else if (dropped > 0)
            {
                subscription.CountDropped(dropped);
                events.Dropped(DropReason.BufferFull, subscription, dropped);
            }
        }
    }
}
