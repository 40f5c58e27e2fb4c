using System.Collections.Concurrent;

namespace Starling.Client.Core.Requests;

/// <summary>The one subscription through which replies come, and who waits for them. Any thread.</summary>
internal sealed class ReplyRoute(string prefix, MqttSubscription subscription, CorrelationIds ids)
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource<MqttDelivery>> _waiting = new();
    private volatile MqttException? _end;

    /// <summary>What the topics of replies begin with.</summary>
    public string Prefix => prefix;

    /// <summary>Where replies are to be sent.</summary>
    public string ResponseTopic { get; } = $"{prefix}/r";

    /// <summary>Whether no reply can come any more.</summary>
    public bool IsOver => _end is not null;

    /// <summary>Requests that wait.</summary>
    public int WaitingRequests => _waiting.Count;

    /// <summary>Gives replies to those who wait for them, until the subscription is over.</summary>
    public async Task RunAsync()
    {
        MqttException end = new MqttNotConnectedException("The client was disposed before the reply came.", isTransient: false);
        try
        {
            while (await subscription.TakeAsync(CancellationToken.None).ConfigureAwait(false) is { } reply)
            {
                // What belongs to no request came too late, or is nobody's.
                if (ids.TryDecode(reply.Message.CorrelationData.Span, out long number) && _waiting.TryRemove(number, out TaskCompletionSource<MqttDelivery>? waiting))
                {
                    waiting.TrySetResult(reply);
                }
            }
        }
        catch (MqttException cause)
        {
            end = cause;
        }

        _end = end;
        foreach (long number in _waiting.Keys)
        {
            Fail(number, end);
        }
    }

    public Task<MqttDelivery> Expect(long number)
    {
        TaskCompletionSource<MqttDelivery> waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[number] = waiting;
        if (_end is { } end)
        {
            // It ended between the look-up of this route and now.
            Fail(number, end);
        }

        return waiting.Task;
    }

    public void Fail(long number, Exception cause)
    {
        if (_waiting.TryRemove(number, out TaskCompletionSource<MqttDelivery>? waiting))
        {
            waiting.TrySetException(cause);
        }
    }

    public void Forget(long number) => _waiting.TryRemove(number, out _);

    /// <summary>Ends the subscription.</summary>
    public ValueTask CloseAsync() => subscription.DisposeAsync();
}
