using Starling.Client.Core.Payloads;
using Starling.Protocol;

namespace Starling.Client.Core.Requests;

/// <summary>Sends requests and finds their replies. The route of the replies is made by the first request. Any thread.</summary>
#pragma warning disable CA1001 // the semaphore's wait handle is never made, so there is nothing to dispose of
internal sealed class Requester(MqttClient client, ClientCore core, PayloadCodec codec, TimeProvider time, CorrelationIds ids)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _opening = new(1);
    private volatile ReplyRoute? _route;

    /// <summary>Requests that wait for their replies.</summary>
    public int WaitingRequests => _route?.WaitingRequests ?? 0;

    public async ValueTask<MqttDelivery<TReply>> RequestAsync<TRequest, TReply>(
        string topic, TRequest request, RequestOptions options, CancellationToken ct)
    {
        codec.Require<TReply>();
        MqttMessage message = codec.Write(topic, request, new PublishOptions
        {
            Qos = options.Qos,
            ContentType = options.ContentType,
            Expiry = options.Timeout,
            UserProperties = options.UserProperties,
        });
        MqttText.EncodeTopic(topic, nameof(topic));
        using CancellationTokenSource timeout = new(options.Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            MqttDelivery reply = await ExchangeAsync(message, either.Token).ConfigureAwait(false);
            return FailureReply.Find(reply.Message) is { } text
                ? throw new MqttRequestFailedException(topic, text)
                : new MqttDelivery<TReply>(reply, codec);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"No reply to '{topic}' came within {options.Timeout.TotalSeconds:0.###} s.");
        }
    }

    private async Task<MqttDelivery> ExchangeAsync(MqttMessage message, CancellationToken ct)
    {
        ReplyRoute route = await OpenRouteAsync(ct).ConfigureAwait(false);
        long number = ids.Next();
        Task<MqttDelivery> reply = route.Expect(number);
        core.BeginRequest();
        try
        {
            Task sent = SendAsync(
                message with { ResponseTopic = route.ResponseTopic, CorrelationData = ids.Encode(number) }, route, number, ct);
            MqttDelivery answer = await reply.WaitAsync(ct).ConfigureAwait(false);
            _ = sent;
            return answer;
        }
        finally
        {
            route.Forget(number);
            core.EndRequest();
        }
    }

    // The reply may be here before the acknowledgement; then nobody waits for this any more.
    private async Task SendAsync(MqttMessage message, ReplyRoute route, long number, CancellationToken ct)
    {
        try
        {
            PublishResult result = await client.TryPublishAsync(message, ct).ConfigureAwait(false);
            if (result.NoSubscribers)
            {
                route.Fail(number, new MqttNoResponderException(message.Topic));
            }
            else if (result is { Status: PublishStatus.Refused, Reason: { } reason })
            {
                route.Fail(number, new MqttRejectedException(PacketType.PubAck, reason, result.ReasonString));
            }
        }
        catch (Exception fault) when (fault is MqttException or OperationCanceledException or ArgumentException or ObjectDisposedException)
        {
            route.Fail(number, fault);
        }
    }

    private async ValueTask<ReplyRoute> OpenRouteAsync(CancellationToken ct)
    {
        string prefix = Prefix();
        if (_route is { IsOver: false } known && known.Prefix == prefix)
        {
            return known;
        }

        await _opening.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_route is { IsOver: false } made && made.Prefix == prefix)
            {
                return made;
            }

            ReplyRoute? old = _route;
            MqttSubscription subscription = await client.SubscribeAsync(
                $"{prefix}/+", new SubscribeOptions { Ack = AckMode.OnDelivery, Retained = RetainHandling.DoNotSend }, ct).ConfigureAwait(false);
            ReplyRoute route = new(prefix, subscription, ids);
            _ = route.RunAsync();
            _route = route;
            if (old is { IsOver: false })
            {
                // The server gave this client another name, and with it another place for replies.
                await old.CloseAsync().ConfigureAwait(false);
            }

            return route;
        }
        finally
        {
            _opening.Release();
        }
    }

    private string Prefix()
    {
        ServerInfo server = client.Server
            ?? throw new MqttNotConnectedException("Where replies are to go is known once the client has connected; connect first.", isTransient: true);
        RequireV5(server);
        return string.IsNullOrEmpty(server.ResponseInformation) ? $"reply/{Uri.EscapeDataString(server.ClientId)}" : server.ResponseInformation.TrimEnd('/');
    }

    /// <summary>Response Topic and Correlation Data came with 5.0.</summary>
    public static void RequireV5(ServerInfo server)
    {
        if (server.Version != MqttVersion.V5)
        {
            throw new NotSupportedException($"Request and response need MQTT 5.0; the connection to {server.Address.Authority} speaks {server.Version}.");
        }
    }
}
