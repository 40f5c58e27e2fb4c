namespace Starling.Client.Core;

/// <summary>A caller that waits for the outcome of a QoS 1 or QoS 2 publish. The caller may stop waiting; the exchange goes on.</summary>
internal sealed class PublishCall(Outbox outbox, long bytes)
{
    private readonly TaskCompletionSource<PublishResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isOver;

    public Task<PublishResult> Task => _result.Task;

    public bool IsCancelled => _result.Task.IsCanceled;

    /// <summary>The caller does not wait any more.</summary>
    public void Cancel(CancellationToken ct) => _result.TrySetCanceled(ct);

    /// <summary>The exchange is over.</summary>
    public void Complete(PublishResult result)
    {
        Leave();
        _result.TrySetResult(result);
    }

    /// <summary>The exchange was given up.</summary>
    public void Fail(MqttException cause)
    {
        Leave();
        _result.TrySetException(cause);
    }

    /// <summary>The message was taken back before it was sent.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            outbox.Leave(bytes);
        }
    }
}
