using Starling.Protocol;

namespace Starling.Client.Core.Processing;

/// <summary>Calls the handler of a subscription for one message, and settles the message afterwards. Any thread.</summary>
internal sealed class HandlerRunner(
    MqttSubscription subscription, Func<MqttDelivery, CancellationToken, ValueTask> handler, ProcessOptions options, EventDispatcher events)
{
    /// <summary>Never throws: a fault of the handler is about this message only.</summary>
    public async Task RunAsync(MqttDelivery delivery, CancellationToken ct)
    {
        delivery.Trace?.Begin();
        try
        {
            await handler(delivery, ct).ConfigureAwait(false);
            if (subscription.Options.Ack == AckMode.AfterBody)
            {
                delivery.Take(ReasonCode.Success);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Broken off, not failed: as a loop that is left by break.
        }
        catch (Exception fault)
        {
            Settle(delivery, fault);
            delivery.Trace?.End(fault);
        }

        delivery.Trace?.End(null);
    }

    private void Settle(MqttDelivery delivery, Exception fault)
    {
        events.HandlerFailed(subscription.Filter, fault);
        bool isSettled = delivery.IsTaken && subscription.Options.Ack != AckMode.OnDelivery;
        HandlerFailure decision = isSettled ? HandlerFailure.Acknowledge : Decide(delivery, fault);
        bool mayComeAgain = delivery.IsAcknowledgeable && !delivery.IsTaken;
        if (decision == HandlerFailure.Reject && delivery.HasReasonCodes)
        {
            delivery.Take(ReasonCode.UnspecifiedError, "The handler failed."u8.ToArray());
        }
        else if (decision == HandlerFailure.Acknowledge)
        {
            delivery.Take(ReasonCode.Success);
        }
        else if (mayComeAgain)
        {
            return;
        }

        events.Dropped(DropReason.HandlerFailed, subscription, isSettled ? 0 : 1);
    }

    private HandlerFailure Decide(MqttDelivery delivery, Exception fault)
    {
        try
        {
            return options.OnFailure?.Invoke(delivery, fault) ?? HandlerFailure.Reject;
        }
        catch (Exception another)
        {
            events.HandlerFailed(subscription.Filter, another);
            return HandlerFailure.Reject;
        }
    }
}
