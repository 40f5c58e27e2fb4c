using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ClientBench;

/// <summary>MQTTnet's client, with the same version of MQTT and the same Receive Maximum.</summary>
internal sealed class MqttNetBenchClient : IBenchClient
{
    private readonly MqttClientFactory _factory = new();
    private readonly IMqttClient _client;

    public MqttNetBenchClient() => _client = _factory.CreateMqttClient();

    public async Task ConnectAsync(int port) => await _client.ConnectAsync(new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithReceiveMaximum(1000).Build());

    public async Task PublishAsync(int qos, byte[] payload) => await _client.PublishAsync(new MqttApplicationMessageBuilder()
        .WithTopic(Program.Topic).WithPayload(payload).WithQualityOfServiceLevel((MqttQualityOfServiceLevel)qos).Build());

    public async Task SubscribeAsync(int qos, Action received)
    {
        _client.ApplicationMessageReceivedAsync += _ =>
        {
            received();
            return Task.CompletedTask;
        };
        await _client.SubscribeAsync(
            _factory.CreateSubscribeOptionsBuilder().WithTopicFilter(Program.Topic, (MqttQualityOfServiceLevel)qos).Build());
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync();
        _client.Dispose();
    }
}
