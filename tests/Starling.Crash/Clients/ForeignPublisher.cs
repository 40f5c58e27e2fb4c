using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Starling.Crash.Ledger;

namespace Starling.Crash.Clients;

/// <summary>MQTTnet's client as publisher. It sends nothing again: what was not acknowledged when its connection ended may have come or not.</summary>
internal sealed class ForeignPublisher(Scene scene, string name, IReadOnlyList<MessageStream> streams) : IDisposable
{
    private CancellationTokenSource _connection = new();
    private IMqttClient? _client;

    public IReadOnlyList<MessageStream> Streams => streams;

    public async Task<bool> ConnectAsync(int port)
    {
        Abort();
        _connection = new CancellationTokenSource();
        _client = new MqttClientFactory().CreateMqttClient();
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(name)
            .WithProtocolVersion(MqttProtocolVersion.V500).WithCleanStart(true).Build();
        return await ForeignCall.TryAsync(token => _client.ConnectAsync(options, token), _connection.Token).ConfigureAwait(false);
    }

    /// <summary>Publishes one message after the other until the connection ends.</summary>
    public async Task RunAsync()
    {
        for (int i = 0; await PublishAsync(streams[i % streams.Count], isFence: false).ConfigureAwait(false) && !scene.IsCut; i++)
        {
            scene.Progressed();
        }
    }

    /// <summary>Publishes the last message of the round on each stream.</summary>
    public async Task FinishAsync()
    {
        foreach (MessageStream stream in streams)
        {
            if (!await PublishAsync(stream, isFence: true).ConfigureAwait(false))
            {
                scene.Findings.Add(Fault.Refused, $"{name} cannot publish");
            }
        }
    }

    public void Abort()
    {
        _connection.Cancel();
        _client?.Dispose();
    }

    public void Dispose()
    {
        Abort();
        _connection.Dispose();
    }

    private async Task<bool> PublishAsync(MessageStream stream, bool isFence)
    {
        if (_client is not { } client)
        {
            return false;
        }

        Published message = stream.Add(isFence: isFence);
        MqttApplicationMessage packet = new()
        {
            Topic = stream.Topic,
            PayloadSegment = stream.Payload(message, 0),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)stream.Qos,
        };
        scene.Tally.Add(Count.Published);
        return await ForeignCall.TryAsync(async token =>
        {
            MqttClientPublishResult result = await client.PublishAsync(packet, token).ConfigureAwait(false);
            if (!result.IsSuccess)
            {
                throw new MqttCommunicationException(result.ReasonString);
            }

            stream.Acknowledge(message);
            scene.Acknowledged(stream.Qos == 1 ? Count.AcknowledgedQos1 : Count.AcknowledgedQos2);
        }, _connection.Token).ConfigureAwait(false);
    }
}
