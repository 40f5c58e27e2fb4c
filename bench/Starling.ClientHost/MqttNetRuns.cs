using System.Buffers;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Starling.ClientHost;

/// <summary>The runs by MQTTnet's client, with its defaults but for the version, written as its samples are.</summary>
internal static class MqttNetRuns
{
    public static async Task<Measured?> PublishAsync(Run run)
    {
        using IMqttClient client = await ConnectAsync(run);
        await run.PublishAsync(Run.Warmup, payload => SendAsync(client, payload, run.IsAcknowledged));
        Measured.Start start = new();
        await run.PublishAsync(run.Messages, payload => SendAsync(client, payload, run.IsAcknowledged));
        await SendAsync(client, Run.Payload(run.Messages), isAcknowledged: true);
        Measured measured = start.End(run.Messages);
        await client.DisconnectAsync();
        return measured;
    }

    public static async Task<Measured?> ReceiveAsync(Run run)
    {
        using IMqttClient client = await ConnectAsync(run);
        Counter counter = new(run.Messages);
        client.ApplicationMessageReceivedAsync += async received =>
        {
            if (counter.Add(received.ApplicationMessage.Payload.ToArray()) && counter.IsTold)
            {
                await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(Run.ProgressTopic).Build());
            }
        };
        await client.SubscribeAsync(
            Run.Topic, run.IsAcknowledged ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce);
        Console.WriteLine("ready");
        Measured? measured = await counter.Done;
        await client.DisconnectAsync();
        return measured;
    }

    private static async Task<IMqttClient> ConnectAsync(Run run)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", run.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .Build());
        return client;
    }

    private static async Task SendAsync(IMqttClient client, byte[] payload, bool isAcknowledged) => await client.PublishAsync(
        new MqttApplicationMessageBuilder()
            .WithTopic(Run.Topic)
            .WithPayload(payload)
            .WithQualityOfServiceLevel(isAcknowledged ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce)
            .Build());
}
