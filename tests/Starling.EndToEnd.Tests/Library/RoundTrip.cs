using Starling.Client;
using Starling.EndToEnd.Tests.Processes;
using Starling.Protocol;

namespace Starling.EndToEnd.Tests.Library;

/// <summary>What a connection is good for: messages of every QoS and of many frames come back whole and in order.</summary>
internal static class RoundTrip
{
    private static readonly int[] Lengths = [0, 1, 100, 20_000, 200_000];

    public static async Task AssertAsync(MqttClientOptions options, CancellationToken ct, int longest = int.MaxValue)
    {
        await using MqttClient client = new(options);
        await client.ConnectAsync(ct);
        await AssertAsync(client, ct, longest);
        await client.DisconnectAsync(ct: ct);
    }

    public static async Task AssertAsync(MqttClient client, CancellationToken ct, int longest = int.MaxValue)
    {
        await using MqttSubscription subscription = await client.SubscribeAsync(
            "trip/#", new SubscribeOptions { MaximumQos = QualityOfService.ExactlyOnce, Ack = AckMode.OnDelivery }, ct);
        for (int qos = 0; qos <= 2; qos++)
        {
            foreach (int length in Lengths.Where(length => length <= longest))
            {
                byte[] payload = new byte[length];
                new Random(length).NextBytes(payload);
                await client.PublishAsync(new MqttMessage { Topic = $"trip/{qos}", Payload = payload, Qos = (QualityOfService)qos }, ct);

                MqttDelivery delivery = await subscription.ReadAsync(ct);
                Assert.Equal(($"trip/{qos}", (QualityOfService)qos), (delivery.Message.Topic, delivery.Message.Qos));
                Assert.True(delivery.Message.Payload.Span.SequenceEqual(payload), $"A payload of {length} bytes came back otherwise.");
            }
        }
    }

    /// <summary>The fault that a connect ends with.</summary>
    public static async Task<MqttConnectException> FailAsync(MqttClientOptions options)
    {
        using CancellationTokenSource patience = Patience.Start();
        await using MqttClient client = new(options);
        MqttConnectException fault = await Assert.ThrowsAsync<MqttConnectException>(() => client.ConnectAsync(patience.Token).AsTask());
        Assert.DoesNotContain('\n', fault.Message);
        return fault;
    }
}
