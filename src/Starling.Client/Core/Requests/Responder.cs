using Starling.Protocol;

namespace Starling.Client.Core.Requests;

/// <summary>Answers requests until it is disposed.</summary>
internal sealed class Responder<TRequest, TReply>(
    MqttClient client, MqttSubscription<TRequest> subscription, Func<MqttDelivery<TRequest>, CancellationToken, ValueTask<TReply>> handler, ResponderParts parts)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private int _isDisposed;

    public void Start() => _run = RunAsync();

    /// <summary>Waits for the handlers that run, then unsubscribes. Requests that none has begun with are left to other responders.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // What waits is not begun with, but what runs shall answer.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        await subscription.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
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
        if (request.Message.ResponseTopic is not { } responseTopic)
        {
            parts.Logger.RequestWithoutResponseTopic(subscription.Filter.Value);
            await request.RejectAsync(ReasonCode.ImplementationSpecificError, "There is no Response Topic.", CancellationToken.None).ConfigureAwait(false);
            return;
        }

        PublishOptions options = new()
        {
            Qos = parts.Options.Qos,
            ContentType = parts.Options.ContentType,
            CorrelationData = request.Message.CorrelationData,
            Expiry = request.Message.Expiry,
        };
        MqttMessage reply;
        try
        {
            reply = parts.Codec.Write(responseTopic, await handler(request, stop).ConfigureAwait(false), options);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // The requester waits for an answer, whatever went wrong here.
            parts.Logger.MessageHandlerFault(fault, subscription.Filter.Value);
            string text = parts.Options.FailureText?.Invoke(fault) ?? "Its handler failed.";
            reply = parts.Codec.Write(responseTopic, ReadOnlyMemory<byte>.Empty, options with { UserProperties = FailureReply.Of(text), ContentType = null });
        }

        // A requester that has gone is no fault of this side.
        PublishResult result = await client.TryPublishAsync(reply, CancellationToken.None).ConfigureAwait(false);
        if (result is { Status: PublishStatus.Refused, Reason: { } reason })
        {
            throw new MqttRejectedException(PacketType.PubAck, reason, result.ReasonString);
        }
    }
}
