using System.Buffers;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Starling.Crash.Ledger;

namespace Starling.Crash.Clients;

/// <summary>
/// MQTTnet's client as subscriber with a persistent session, at QoS 1: it does not keep between connections which QoS 2 messages it has
/// received.
/// </summary>
internal sealed class ForeignSubscriber(Scene scene, string name, Inbox inbox) : IDisposable
{
    private const uint ExpirySeconds = 3600;
    private CancellationTokenSource _connection = new();
    private IMqttClient? _client;
    private bool _isEstablished;

    public Inbox Inbox => inbox;

    public async Task<bool> ConnectAsync(int port)
    {
        Abort();
        _connection = new CancellationTokenSource();
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        _client = client;
        client.ApplicationMessageReceivedAsync += arguments =>
        {
            MqttApplicationMessage message = arguments.ApplicationMessage;
            inbox.Take(message.Payload.ToArray(), (int)message.QualityOfServiceLevel, message.Topic);
            return Task.CompletedTask;
        };
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(name)
            .WithProtocolVersion(MqttProtocolVersion.V500).WithCleanStart(false).WithSessionExpiryInterval(ExpirySeconds).Build();
        MqttClientConnectResult? result = null;
        bool isConnected = await ForeignCall.TryAsync(async token => result = await client.ConnectAsync(options, token).ConfigureAwait(false), _connection.Token).ConfigureAwait(false);
        if (isConnected && _isEstablished && result?.IsSessionPresent != true)
        {
            scene.Findings.Add(Fault.Session, $"the session of {name} was acknowledged and is lost");
        }

        _isEstablished |= isConnected;
        return isConnected;
    }

    public async Task<bool> SubscribeAsync(string filter, IReadOnlyList<MessageStream> streams)
    {
        foreach (MessageStream stream in streams)
        {
            inbox.Ask(stream, 1);
        }

        MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce).Build();
        if (_client is not { } client || !await ForeignCall.TryAsync(token => client.SubscribeAsync(options, token), _connection.Token).ConfigureAwait(false))
        {
            return false;
        }

        foreach (MessageStream stream in streams)
        {
            inbox.Open(stream);
        }

        return true;
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
}
