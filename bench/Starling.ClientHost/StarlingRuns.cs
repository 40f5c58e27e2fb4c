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

            if (counter.IsTold)
            {
                await client.PublishAsync(new MqttMessage { Topic = Run.ProgressTopic, Qos = QualityOfService.AtMostOnce });
            }
        }

        return await counter.Done;
    }

    /// <summary>
    /// Feeds a receiver, in order: the messages of the warm-up, then the measured ones. It is never far ahead of the receiver, so no broker
    /// has to drop anything.
    /// </summary>
    public static async Task<Measured?> FeedAsync(Run run)
    {
        const int ThousandsAhead = 4;
        await using MqttClient client = await ConnectAsync(run);
        await using MqttSubscription progress = await client.SubscribeAsync(Run.ProgressTopic);
        List<Task> thousand = [];
        for (int number = 0; number < Run.Warmup + run.Messages; number++)
        {
            thousand.Add(SendAsync(client, Run.Payload(number), isAcknowledged: true));
            if (thousand.Count == Run.ProgressMessages)
            {
                await Task.WhenAll(thousand);
                thousand.Clear();
                if (number >= ThousandsAhead * Run.ProgressMessages)
                {
                    await progress.ReadAsync();
                }
            }
        }

        await Task.WhenAll(thousand);
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
