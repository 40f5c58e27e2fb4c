using Starling.Client.Core.Payloads;

namespace Starling.Client.Core;

/// <summary>Checks what is to be subscribed to, makes the subscription and tells the loop. Any thread.</summary>
internal sealed class Subscriber(ClientCore core, EventDispatcher events, MqttClientOptions clientOptions, PayloadCodec codec)
{
    public MqttSubscription Subscribe(TopicFilter filter, SubscribeOptions options)
    {
        Check(filter, options);
        return Register(new MqttSubscription(core, events, filter, options, clientOptions));
    }

    public MqttSubscription<T> Subscribe<T>(TopicFilter filter, SubscribeOptions options)
    {
        Check(filter, options);
        codec.Require<T>();
        return new MqttSubscription<T>(Register(new MqttSubscription(core, events, filter, options, clientOptions)
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
            // Whoever has cancelled does not wait for UNSUBACK either.
            _ = subscription.DisposeAsync().AsTask();
            throw;
        }
    }

    private static void Check(TopicFilter filter, SubscribeOptions options)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Buffer, 1, nameof(options));
        _ = MessageEncoder.EncodeUserProperties(options.UserProperties);
        bool isShared = options.ShareGroup is not null || filter.Value.StartsWith("$share/", StringComparison.Ordinal);
        if (isShared && options.NoLocal)
        {
            throw new ArgumentException("A shared subscription cannot be No Local [MQTT-3.8.3-4].", nameof(options));
        }

        if (options.ShareGroup is { } group)
        {
            // A slash would end the name and make the rest a part of the filter [MQTT-4.8.2-2].
            if (group.Contains('/', StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{group}' is no Share Name: it has a slash.", nameof(options));
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
