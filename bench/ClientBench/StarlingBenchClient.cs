using Starling.Client;
using Starling.Protocol;

namespace ClientBench;

/// <summary>This repository's client.</summary>
internal sealed class StarlingBenchClient : IBenchClient
{
    private MqttClient? _client;
    private MqttSubscription? _subscription;
    private Task _loop = Task.CompletedTask;

    private MqttClient Client => _client ?? throw new InvalidOperationException("Not connected.");

    public async Task ConnectAsync(int port) => _client = await MqttClient.ConnectAsync($"mqtt://127.0.0.1:{port}?receiveMaximum=1000");

    public async Task PublishAsync(int qos, byte[] payload) =>
        await Client.PublishAsync(new MqttMessage { Topic = Program.Topic, Payload = payload, Qos = (QualityOfService)qos });

    public async Task SubscribeAsync(int qos, Action received)
    {
        SubscribeOptions options = new() { MaximumQos = (QualityOfService)qos, Overflow = Overflow.Wait };
        _subscription = await Client.SubscribeAsync(new TopicFilter(Program.Topic), options);
        _loop = Task.Run(async () =>
        {
            await foreach (MqttDelivery _ in _subscription)
            {
                received();
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _loop;
    }
}
