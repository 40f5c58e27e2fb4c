using Starling.Protocol;

namespace Starling.Client.Core.Requests;

/// <summary>Answers requests until it is disposed.</summary>
internal sealed class Responder<TRequest, TReply>(
    MqttClient client, MqttSubscription<TRequest> subscription, Func<MqttDelivery<TRequest>, CancellationToken, ValueTask<TReply>> handler, ResponderParts parts)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly AsyncLocal<bool> _isAnswering = new();
    private readonly Lock _gate = new();
    private Task _run = Task.CompletedTask;
    private Task? _end;

    public void Start() => _run = RunAsync();

    /// <summary>
    /// Waits for the handlers that run, then unsubscribes; a handler that calls it does not wait. Requests that none has begun with are answered as failed:
    /// they were given to this responder, and the server gives them to no other. What still comes until it has answered UNSUBSCRIBE is dropped, and gets no reply.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Task end;
        lock (_gate)
        {
            end = _end ??= EndAsync();
        }

        // A handler cannot wait for itself.
        if (!_isAnswering.Value)
        {
            await end.ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        // What waits is not begun with, but what runs shall answer.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        foreach (MqttDelivery request in subscription.Untyped.Queue.TakeAll())
        {
            // Without a connection the answer waits in the outbox, and nobody waits here for that.
            _ = RefuseAsync(request);
        }

        await subscription.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RefuseAsync(MqttDelivery request)
    {
        try
        {
            if (request.Message.ResponseTopic is { } responseTopic)
            {
                await SendAsync(Failure(responseTopic, ReplyTo(request), "The responder has stopped.")).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is MqttException or ObjectDisposedException)
        {
            parts.Logger.RequestNotAnswered(fault, subscription.Filter.Value);
        }

        // Answered or not, the acknowledgements of later messages wait for it.
        request.Take(ReasonCode.Success);
    }

    private async Task RunAsync()
    {
        ProcessOptions options = new() { MaxConcurrency = parts.Options.MaxConcurrency, KeepTopicOrder = false };
        try
        {
            await subscription.ProcessAsync(AnswerAsync, options, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // As asked for.
        }
        catch (MqttException cause)
        {
            parts.Logger.ResponderOver(cause, subscription.Filter.Value);
        }
    }

    private async ValueTask AnswerAsync(MqttDelivery<TRequest> request, CancellationToken stop)
    {
        _isAnswering.Value = true;
        if (request.Message.ResponseTopic is not { } responseTopic)
        {
            parts.Logger.RequestWithoutResponseTopic(subscription.Filter.Value);
            await request.RejectAsync(ReasonCode.ImplementationSpecificError, "There is no Response Topic.", CancellationToken.None).ConfigureAwait(false);
            return;
        }

        PublishOptions options = ReplyTo(request);
        MqttMessage reply;
        try
        {
            reply = parts.Codec.Write(responseTopic, await handler(request, stop).ConfigureAwait(false), options);
        }
        catch (Exception fault)
        {
            // The requester waits for an answer, whatever went wrong here, and be it that the handler was told to stop.
            parts.Logger.MessageHandlerFault(fault, subscription.Filter.Value);
            string text = parts.Options.FailureText?.Invoke(fault) ?? "Its handler failed.";
            reply = Failure(responseTopic, options, text);
        }

        await SendAsync(reply).ConfigureAwait(false);
    }

    private PublishOptions ReplyTo(MqttDelivery request) => new()
    {
        Qos = parts.Options.Qos,
        ContentType = parts.Options.ContentType,
        CorrelationData = request.Message.CorrelationData,
        Expiry = request.Message.Expiry,
    };

    private MqttMessage Failure(string responseTopic, PublishOptions options, string text) =>
        parts.Codec.Write(responseTopic, ReadOnlyMemory<byte>.Empty, options with { UserProperties = FailureReply.Of(text), ContentType = null });

    private async Task SendAsync(MqttMessage reply)
    {
        // A requester that has gone is no fault of this side.
        PublishResult result = await client.TryPublishAsync(reply, CancellationToken.None).ConfigureAwait(false);
        if (result is { Status: PublishStatus.Refused, Reason: { } reason })
        {
            throw new MqttRejectedException(PacketType.PubAck, reason, result.ReasonString);
        }
    }
}
