using System.Globalization;
using Starling.Client;
using Starling.Protocol;

namespace Starling.ClientHost;

/// <summary>The runs by Starling's client, written as its guide says.</summary>
internal static class StarlingRuns
{
    public static async Task<Measured?> PublishAsync(Run run)
    {
        await using MqttClient client = await ConnectAsync(run);
        await run.PublishAsync(Run.Warmup, payload => SendAsync(client, payload, run.IsAcknowledged));
        Measured.Start start = new();
        await run.PublishAsync(run.Messages, payload => SendAsync(client, payload, run.IsAcknowledged));

        // Acknowledged after all the others, so nothing of them is still on its way in this process.
        await SendAsync(client, Run.Payload(run.Messages), isAcknowledged: true);
        return start.End(run.Messages);
    }

    public static async Task<Measured?> ReceiveAsync(Run run)
    {
        await using MqttClient client = await ConnectAsync(run);
        await using MqttSubscription subscription = await client.SubscribeAsync(
            Run.Topic,
            new SubscribeOptions
            {
                MaximumQos = run.IsAcknowledged ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce,
                Overflow = Overflow.Wait,
            });
        Console.WriteLine("ready");
        Counter counter = new(run.Messages);
        await foreach (MqttDelivery delivery in subscription)
        {
            if (!counter.Add(delivery.Message.Payload.Span))
            {
                break;
            }
        }

        return await counter.Done;
    }

    /// <summary>Feeds a receiver, in order: the messages of the warm-up, then the measured ones.</summary>
    public static async Task<Measured?> FeedAsync(Run run)
    {
        const int Window = 500;
        await using MqttClient client = await ConnectAsync(run);
        Queue<Task> window = new();
        for (int number = 0; number < Run.Warmup + run.Messages; number++)
        {
            if (window.Count == Window)
            {
                await window.Dequeue();
            }

            window.Enqueue(SendAsync(client, Run.Payload(number), isAcknowledged: true));
        }

        await Task.WhenAll(window);
        return null;
    }

    private static async Task<MqttClient> ConnectAsync(Run run) =>
        await MqttClient.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{run.Port}"));

    private static async Task SendAsync(MqttClient client, byte[] payload, bool isAcknowledged) => await client.PublishAsync(new MqttMessage
    {
        Topic = Run.Topic,
        Payload = payload,
        Qos = isAcknowledged ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce,
    });
}
