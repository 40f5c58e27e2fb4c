using Microsoft.Extensions.Logging;

namespace Starling.Client.Core;

/// <summary>
/// Raises the client's events in order on the thread pool, one at a time. Drops that come faster than their handler are told in one
/// event, so what waits is bounded by the number of subscriptions.
/// </summary>
internal sealed class EventDispatcher(ILogger logger, Action<ConnectionEvent> onConnection, Action<DropEvent> onDrop)
{
    private readonly Lock _gate = new();
    private readonly Queue<ConnectionEvent> _connections = new();
    private readonly Dictionary<(DropReason Reason, MqttSubscription? Subscription), long> _drops = [];
    private long _droppedMessages;
    private bool _isRunning;

    public void Raise(ConnectionEvent change)
    {
        lock (_gate)
        {
            _connections.Enqueue(change);
            EnsureRunning();
        }
    }

    public void Dropped(DropReason reason, MqttSubscription? subscription, long messages)
    {
        if (messages == 0)
        {
            return;
        }

        lock (_gate)
        {
            _drops[(reason, subscription)] = _drops.GetValueOrDefault((reason, subscription)) + messages;
            EnsureRunning();
        }
    }

    /// <summary>A handler of messages threw. Any thread.</summary>
    public void HandlerFailed(TopicFilter filter, Exception fault) => logger.MessageHandlerFault(fault, filter.Value);

    private void EnsureRunning()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            ThreadPool.UnsafeQueueUserWorkItem(static dispatcher => dispatcher.Run(), this, preferLocal: false);
        }
    }

    private void Run()
    {
        while (true)
        {
            ConnectionEvent? change;
            DropEvent? drop = null;
            lock (_gate)
            {
                if (!_connections.TryDequeue(out change) && !TryTakeDrop(out drop))
                {
                    _isRunning = false;
                    return;
                }
            }

            if (change is not null)
            {
                Call(nameof(MqttClient.ConnectionChanged), change, onConnection);
            }

            if (drop is not null)
            {
                logger.Dropped(drop.Messages, drop.Reason);
                Call(nameof(MqttClient.MessageDropped), drop, onDrop);
            }
        }
    }

    private bool TryTakeDrop([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DropEvent? drop)
    {
        drop = null;
        foreach (((DropReason Reason, MqttSubscription? Subscription) key, long messages) in _drops)
        {
            _drops.Remove(key);
            _droppedMessages += messages;
            drop = new DropEvent(key.Reason, key.Subscription, messages, _droppedMessages);
            return true;
        }

        return false;
    }

    private void Call<T>(string name, T argument, Action<T> handler)
    {
        try
        {
            handler(argument);
        }
        catch (Exception fault)
        {
            logger.HandlerFault(fault, name);
        }
    }
}
