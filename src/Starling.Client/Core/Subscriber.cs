using Starling.Client.Core.Payloads;

namespace Starling.Client.Core;

/// <summary>Checks what is to be subscribed to, makes the subscription and tells the loop. Any thread.</summary>
internal sealed class Subscriber(ClientCore core, EventDispatcher events, MqttClientOptions options, PayloadCodec codec)
{
    public MqttSubscription Subscribe(TopicFilter filter, SubscribeOptions wanted)
    {
        Check(filter, wanted);
        return Register(new MqttSubscription(core, events, filter, wanted, options));
    }

    public MqttSubscription<T> Subscribe<T>(TopicFilter filter, SubscribeOptions wanted)
    {
        Check(filter, wanted);
        codec.Require<T>();
        return new MqttSubscription<T>(Register(new MqttSubscription(core, events, filter, wanted, options)
        {
            CreateDelivery = (arrival, acknowledgement) => new MqttDelivery<T>(arrival, acknowledgement, filter, codec),
        }));
    }

    /// <summary>Waits for SUBACK; a subscription that is refused, or not waited for, is disposed.</summary>
    public static async ValueTask WhenReadyAsync(MqttSubscription subscription, CancellationToken ct)
    {
        try
        {
            await subscription.Ready.WaitAsync(ct).ConfigureAwait(false);
        }
        catch
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static void Check(TopicFilter filter, SubscribeOptions wanted)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted.Buffer, 1, "options");
        bool isShared = wanted.ShareGroup is not null || filter.Value.StartsWith("$share/", StringComparison.Ordinal);
        if (isShared && wanted.NoLocal)
        {
            throw new ArgumentException("A shared subscription cannot be No Local [MQTT-3.8.3-4].", "options");
        }

        if (wanted.ShareGroup is { } group)
        {
            // A slash would end the name and make the rest a part of the filter [MQTT-4.8.2-2].
            if (group.Contains('/', StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{group}' is no Share Name: it has a slash.", "options");
            }

            _ = new TopicFilter($"$share/{group}/{filter.Value}");
        }
    }

    private MqttSubscription Register(MqttSubscription subscription)
    {
        core.Mailbox.Post(now => core.Subscribe(subscription, now));
        return subscription;
    }
}
