using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>Sends SUBSCRIBE and UNSUBSCRIBE for what is registered. The loop's thread.</summary>
internal static class SubscriptionRequests
{
    /// <summary>On a new connection: whatever the server's session has not.</summary>
    public static void SendAll(SubscriptionRegistry registry, ClientLink link, in Instant now)
    {
        // First, because their filters may have been subscribed to again since.
        foreach (UnsubscribeCall call in registry.Unsubscribes.ToArray())
        {
            if (!registry.TryRevoke(call))
            {
                Send(registry, link, call, now);
            }
        }

        foreach (RegisteredSubscription registered in registry.All.ToArray())
        {
            if (!registered.IsGranted)
            {
                Send(registry, link, registered, now);
            }
        }
    }

    /// <summary>SUBSCRIBE.</summary>
    public static void Send(SubscriptionRegistry registry, ClientLink link, RegisteredSubscription registered, in Instant now)
    {
        if (!link.TrySubscribe(registered, now))
        {
            registry.Remove(registered);
            registered.Subscription.Fail(new MqttRejectedException(PacketType.Subscribe, ReasonCode.PacketTooLarge, null));
        }
    }

    /// <summary>UNSUBSCRIBE.</summary>
    public static void Send(SubscriptionRegistry registry, ClientLink link, UnsubscribeCall call, in Instant now)
    {
        if (!link.TryUnsubscribe(call, now))
        {
            registry.Remove(call);
            call.Fail(new MqttRejectedException(PacketType.Unsubscribe, ReasonCode.PacketTooLarge, null));
        }
    }
}
