using System.Buffers;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Starling.EndToEnd.Tests.Processes;

namespace Starling.EndToEnd.Tests.Clients;

/// <summary>MQTTnet's client, inside the test process.</summary>
internal sealed class MqttNetClient : IForeignClient
{
    private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private bool _hasProperties;

    public MqttNetClient()
    {
        _client.ApplicationMessageReceivedAsync += arguments =>
        {
            _received.Writer.TryWrite(ToMessage(arguments.ApplicationMessage));
            return Task.CompletedTask;
        };
    }

    public async Task<bool?> ConnectAsync(ConnectSettings settings)
    {
        _hasProperties = settings.Level == Level.V50;
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", settings.Port)
            .WithClientId(settings.ClientIdentifier)
            .WithTimeout(Patience.Long)
            .WithProtocolVersion(settings.Level switch
            {
                Level.V31 => MqttProtocolVersion.V310,
                Level.V311 => MqttProtocolVersion.V311,
                _ => MqttProtocolVersion.V500,
            });
        options = _hasProperties
            ? options.WithCleanStart(settings.CleanStart).WithSessionExpiryInterval(settings.SessionExpirySeconds)
            : options.WithCleanSession(settings.CleanStart);
        if (settings.Will is { } will)
        {
            options = options.WithWillTopic(will.Topic).WithWillPayload(will.Payload).WithWillRetain(will.Retain)
                .WithWillQualityOfServiceLevel((MqttQualityOfServiceLevel)will.Qos);
        }

        using CancellationTokenSource patience = Patience.Start(Patience.Long);
        MqttClientConnectResult result = await _client.ConnectAsync(options.Build(), patience.Token);
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        return settings.Level == Level.V31 ? null : result.IsSessionPresent;
    }

    public async Task SubscribeAsync(string filter, int qos)
    {
        using CancellationTokenSource patience = Patience.Start();
        MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter(filter, (MqttQualityOfServiceLevel)qos).Build();
        MqttClientSubscribeResult result = await _client.SubscribeAsync(options, patience.Token);
        Assert.Equal(qos, (int)Assert.Single(result.Items).ResultCode);
    }

    public async Task PublishAsync(Message message)
    {
        using CancellationTokenSource patience = Patience.Start();
        var packet = new MqttApplicationMessage
        {
            Topic = message.Topic,
            PayloadSegment = message.Payload,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Qos,
            Retain = message.Retain,
        };
        if (_hasProperties)
        {
            packet.ResponseTopic = message.ResponseTopic;
            packet.CorrelationData = message.CorrelationData;
            packet.ContentType = message.ContentType;
            packet.UserProperties = [.. message.UserProperties.Select(p => new MqttUserProperty(p.Key, Encoding.UTF8.GetBytes(p.Value)))];
        }

        MqttClientPublishResult result = await _client.PublishAsync(packet, patience.Token);
        Assert.True(result.IsSuccess, $"PUBLISH refused with {result.ReasonCode}");
    }

    public async Task<Message> ReceiveAsync(TimeSpan? limit = null) =>
        await Patience.Until(_received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), "a message for MQTTnet", limit);

    public Task DisconnectAsync() => _client.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);

    public Task AbortAsync()
    {
        _client.Dispose();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Message ToMessage(MqttApplicationMessage message) => new(message.Topic, message.Payload.ToArray())
    {
        Qos = (int)message.QualityOfServiceLevel,
        Retain = message.Retain,
        ResponseTopic = message.ResponseTopic,
        CorrelationData = message.CorrelationData,
        ContentType = message.ContentType,
        UserProperties = [.. (message.UserProperties ?? []).Select(p => KeyValuePair.Create(p.Name, p.ReadValueAsString()))],
    };
}
