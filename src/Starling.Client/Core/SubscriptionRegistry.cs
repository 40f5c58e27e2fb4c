using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>The subscriptions of a client, and which of them a message is for. The loop's thread.</summary>
internal sealed class SubscriptionRegistry
{
    private readonly List<RegisteredSubscription> _subscriptions = [];
    private readonly List<UnsubscribeCall> _unsubscribes = [];
    private readonly List<RegisteredSubscription> _receivers = [];
    private uint _lastIdentifier;

    public IReadOnlyList<RegisteredSubscription> All => _subscriptions;

    /// <summary>UNSUBSCRIBEs that were not answered yet.</summary>
    public IReadOnlyList<UnsubscribeCall> Unsubscribes => _unsubscribes;

    /// <summary>
    /// Adds a subscription. For the server those with the same filter are one, of which it knows the last SUBSCRIBE only [MQTT-3.8.4-3]: they
    /// share an identifier, so that its messages are for all of them.
    /// </summary>
    public RegisteredSubscription Add(MqttSubscription subscription)
    {
        RegisteredSubscription? same = _subscriptions.Find(other => other.IsFor(subscription.WireFilter));
        RegisteredSubscription registered = new(subscription, same?.Identifier ?? ++_lastIdentifier);
        _subscriptions.Add(registered);
        return registered;
    }

    public RegisteredSubscription? Find(MqttSubscription subscription) =>
        _subscriptions.Find(registered => registered.Subscription == subscription);

    public void Remove(RegisteredSubscription registered) => _subscriptions.Remove(registered);

    /// <summary>Whether another subscription has the same filter: then the server must keep it.</summary>
    public bool IsShared(MqttSubscription subscription) => _subscriptions.Exists(
        other => other.Subscription != subscription && other.IsFor(subscription.WireFilter));

    public void Add(UnsubscribeCall call) => _unsubscribes.Add(call);

    /// <summary>A subscription for this topic that was disposed, and whose UNSUBSCRIBE was not answered yet.</summary>
    public UnsubscribeCall? FindLeaving(ReadOnlySpan<byte> topic)
    {
        foreach (UnsubscribeCall call in _unsubscribes)
        {
            if (call.Matches(topic))
            {
                return call;
            }
        }

        return null;
    }

    public void Remove(UnsubscribeCall call) => _unsubscribes.Remove(call);

    /// <summary>Ends a call whose filter a newer subscription was granted: sent again, it would take that one from the server.</summary>
    public bool TryRevoke(UnsubscribeCall call)
    {
        if (!_subscriptions.Exists(registered => registered.IsGranted && registered.IsFor(call.Filter)))
        {
            return false;
        }

        Remove(call);
        call.Complete();
        return true;
    }

    public void Clear()
    {
        _subscriptions.Clear();
        _unsubscribes.Clear();
    }

    /// <summary>The server has a new session: nothing is granted there, and there is nothing to unsubscribe from.</summary>
    public void ForgetSession()
    {
        _subscriptions.ForEach(static registered => registered.IsGranted = false);
        _unsubscribes.ForEach(static call => call.Complete());
        _unsubscribes.Clear();
    }

    /// <summary>SUBACK came.</summary>
    public void Answered(RegisteredSubscription registered, ReasonCode reason, string? reasonString)
    {
        if (reason < ReasonCode.UnspecifiedError)
        {
            registered.IsGranted = true;
            registered.Subscription.Grant((QualityOfService)reason);
        }
        else
        {
            Remove(registered);
            registered.Subscription.Fail(new MqttRejectedException(PacketType.SubAck, reason, reasonString));
        }
    }

    /// <summary>UNSUBACK came.</summary>
    public void Answered(UnsubscribeCall call, ReasonCode reason, string? reasonString)
    {
        Remove(call);
        if (reason < ReasonCode.UnspecifiedError)
        {
            call.Complete();
        }
        else
        {
            call.Fail(new MqttRejectedException(PacketType.UnsubAck, reason, reasonString));
        }
    }

    /// <summary>
    /// Finds the receivers of a message: by its Subscription Identifiers, else by its topic. An identifier can be a stale one, of a
    /// process before this one, so its filter must match as well. The list is valid until the next call.
    /// </summary>
    public IReadOnlyList<RegisteredSubscription> Match(in Arrival arrival)
    {
        _receivers.Clear();
        foreach (RegisteredSubscription registered in _subscriptions)
        {
            if (Array.IndexOf(arrival.Identifiers, registered.Identifier) >= 0 && registered.Matches(arrival.Topic))
            {
                _receivers.Add(registered);
            }
        }

        if (_receivers.Count > 0)
        {
            return _receivers;
        }

        foreach (RegisteredSubscription registered in _subscriptions)
        {
            if (registered.Matches(arrival.Topic))
            {
                _receivers.Add(registered);
            }
        }

        return _receivers;
    }
}
