using Starling.Conformance.Wire;
using Starling.Crash.Ledger;

namespace Starling.Crash.Clients;

/// <summary>A client with a persistent session that subscribes and unsubscribes; what was not acknowledged it asks for again.</summary>
internal sealed class Subscriber(Scene scene, ClientProfile profile, Inbox inbox)
{
    private readonly List<Subscription> _subscriptions = [];

    /// <summary>The prefix of a shared subscription with its group and a slash; empty: it is not shared.</summary>
    public string SharePrefix { get; init; } = "";

    /// <summary>Connected only between a restart and the next load.</summary>
    public bool IsAbsent { get; init; }

    public SessionClient Client { get; } = new(scene, profile) { Inbox = inbox };

    public Inbox Inbox => inbox;

    /// <summary>Subscribes, with a filter that matches these streams and no others; false: the connection ended before the SUBACK.</summary>
    public Task<bool> SubscribeAsync(string filter, int qos, IReadOnlyList<MessageStream> streams)
    {
        Subscription subscription = new(filter, qos, streams);
        _subscriptions.Add(subscription);
        return SubscribeAsync(subscription);
    }

    /// <summary>Subscribes to one stream when it is not, and otherwise unsubscribes.</summary>
    public Task<bool> ToggleAsync(MessageStream stream, int qos)
    {
        Subscription? subscription = _subscriptions.Find(subscription => subscription.Filter == stream.Topic);
        return subscription is null ? SubscribeAsync(stream.Topic, qos, [stream]) : UnsubscribeAsync(subscription);
    }

    /// <summary>Asks again for what was not acknowledged.</summary>
    public async Task RetryAsync()
    {
        foreach (Subscription subscription in _subscriptions.ToArray())
        {
            if (subscription.IsLeaving)
            {
                await UnsubscribeAsync(subscription).ConfigureAwait(false);
            }
            else if (!subscription.IsAcknowledged)
            {
                await SubscribeAsync(subscription).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> SubscribeAsync(Subscription subscription)
    {
        foreach (MessageStream stream in subscription.Streams)
        {
            inbox.Ask(stream, subscription.Qos);
        }

        if (await Client.SubscribeAsync((SharePrefix + subscription.Filter, subscription.Qos)).ConfigureAwait(false) is null)
        {
            return false;
        }

        subscription.IsAcknowledged = true;
        foreach (MessageStream stream in subscription.Streams)
        {
            inbox.Open(stream);
        }

        return true;
    }

    private async Task<bool> UnsubscribeAsync(Subscription subscription)
    {
        subscription.IsLeaving = true;
        foreach (MessageStream stream in subscription.Streams)
        {
            inbox.Close(stream);
        }

        WirePacket? answer = await Client.UnsubscribeAsync(SharePrefix + subscription.Filter).ConfigureAwait(false);
        if (answer is null)
        {
            return false;
        }

        _subscriptions.Remove(subscription);
        foreach (MessageStream stream in subscription.Streams)
        {
            inbox.Forbid(stream);
        }

        return true;
    }
}
