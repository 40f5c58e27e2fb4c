using System.Text;
using Starling.Protocol;

namespace Starling.Client.Tests;

/// <summary>A full buffer that waits must not hold back what its own reader needs to go on.</summary>
public sealed class OverflowWaitTests : IDisposable
{
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Fact]
    public void A_body_of_a_full_subscription_may_publish_and_subscribe()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Full(client);
        async Task AnswerAsync()
        {
            int count = 0;
            await foreach (MqttDelivery delivery in subscription)
            {
                await client.PublishAsync("b", delivery.Message.Payload);
                await using MqttSubscription other = await client.SubscribeAsync($"c/{count}");
                if (++count == 10)
                {
                    return;
                }
            }
        }

        _transport.Pump(AnswerAsync());

        Assert.Equal(10, _transport.Server.Of(PacketType.Publish).Length);
    }

    [Fact]
    public void A_body_of_a_full_subscription_may_request()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Full(client);
        async Task<int> AskAsync()
        {
            await subscription.ReadAsync();
            return (await client.RequestAsync<int, int>("q", 1)).Value;
        }

        Task<int> answer = AskAsync();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 1);
        _transport.PumpOnce();
        _transport.ServerSends(ReplyTo(_transport.Server.Of(PacketType.Publish)[0]));

        Assert.Equal(7, _transport.Pump(answer));

        // From then on the full buffer holds back again: the connection is read once more, and not a second time.
        _transport.ServerSends("30 05 000161 00 78");
        _transport.ServerSends("30 05 000161 00 79");
        string taken = TakeWaiting(subscription, out Task<MqttDelivery> next);
        Assert.Equal(("123456789x", "y"), (taken, Text(_transport.Pump(next))));
    }

    [Fact]
    public void While_an_answer_is_awaited_the_buffer_takes_16_times_as_much_and_no_more()
    {
        MqttClient client = _transport.Connected();
        MqttSubscription subscription = Full(client);
        _transport.Server.Silent.Add(PacketType.Publish);
        Task<PublishResult> published = client.TryPublishAsync(new MqttMessage { Topic = "b", Qos = QualityOfService.AtLeastOnce }).AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 1);
        for (int i = 10; i < 100; i++)
        {
            _transport.ServerSends("30 05 000161 00 78");
        }

        int taken = TakeWaiting(subscription, out Task<MqttDelivery> next).Length;

        Assert.Equal(16, taken);
        for (taken++; taken < 100; taken++)
        {
            _transport.Pump(next);
            next = subscription.ReadAsync().AsTask();
        }

        _transport.Pump(next);
        _transport.ServerSends($"40 02 {_transport.Server.Of(PacketType.Publish)[0].Substring(10, 4)}");
        _transport.Pump(published);
    }

    /// <summary>A subscription with a buffer of one, to which the server has sent ten messages of QoS 0.</summary>
    private MqttSubscription Full(MqttClient client)
    {
        MqttSubscription subscription = _transport.Pump(
            client.SubscribeAsync("a", new SubscribeOptions { Buffer = 1, Overflow = Overflow.Wait }).AsTask());
        for (char payload = '0'; payload <= '9'; payload++)
        {
            _transport.ServerSends($"30 05 000161 00 {(int)payload:X2}");
        }

        return subscription;
    }

    /// <summary>Takes what is in the buffer, and gives the first read that has to wait.</summary>
    private static string TakeWaiting(MqttSubscription subscription, out Task<MqttDelivery> next)
    {
        string taken = string.Empty;
        while ((next = subscription.ReadAsync().AsTask()).IsCompletedSuccessfully)
        {
            taken += Text(next.Result);
        }

        return taken;
    }

    private static string Text(MqttDelivery delivery) => Encoding.UTF8.GetString(delivery.Message.Payload.Span);

    private static string ReplyTo(string request)
    {
        const string CorrelationData = "090010";
        int begin = request.IndexOf(CorrelationData, StringComparison.Ordinal);
        return $"30 20 0009 {Convert.ToHexString("reply/c/r"u8)} 13 {request.AsSpan(begin, CorrelationData.Length + 32)} 37";
    }
}
