using System.Buffers;
using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;

namespace Starling.Crash.Outboxes;

/// <summary>MQTTnet's client on a connection that lasts, as the one who gets the messages; shares nothing with what is tested.</summary>
internal sealed class OutboxReceiver : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(int Qos, int Life, int Number)> _received = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    /// <summary>Done when the last message of a trial has come.</summary>
    public Task Ended => _ended.Task;

    public async Task ConnectAsync(int port)
    {
        _client.ApplicationMessageReceivedAsync += arguments =>
        {
            Take(arguments.ApplicationMessage.Topic, Encoding.ASCII.GetString(arguments.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await _client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build()).ConfigureAwait(false);
        await _client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter($"{OutboxProgram.Name}/#", MqttQualityOfServiceLevel.ExactlyOnce).Build()).ConfigureAwait(false);
    }

    /// <summary>The end of a trial: what comes after everything else.</summary>
    public Task SendEndAsync() => _client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic($"{OutboxProgram.Name}/end").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());

    public List<(int Qos, int Life, int Number)> Received()
    {
        lock (_gate)
        {
            return [.. _received];
        }
    }

    public void Dispose() => _client.Dispose();

    private void Take(string topic, string payload)
    {
        if (topic.EndsWith("/end", StringComparison.Ordinal))
        {
            _ended.TrySetResult();
            return;
        }

        string[] parts = payload.Split(' ');
        lock (_gate)
        {
            _received.Add((topic[^1] - '0', int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)));
        }
    }
}
