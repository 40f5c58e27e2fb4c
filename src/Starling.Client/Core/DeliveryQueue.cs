namespace Starling.Client.Core;

/// <summary>
/// The deliveries of one subscription that wait to be read: written by the loop, read by any thread. QoS 1 and 2 are bounded by
/// Receive Maximum, QoS 0 by the subscription's buffer.
/// </summary>
#pragma warning disable CA1001 // the semaphore's wait handle is never made, so there is nothing to dispose of
internal sealed class DeliveryQueue(int bufferMessages, Overflow overflow)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly Queue<MqttDelivery> _unacknowledged = new();
    private readonly Queue<MqttDelivery> _plain = new();
    private long _sequence;
    private bool _isComplete;
    private MqttException? _cause;

    /// <summary>Whether the loop should stop reading, because of <see cref="Overflow.Wait"/>.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return overflow == Overflow.Wait && _plain.Count >= bufferMessages;
            }
        }
    }

    /// <summary>Appends a delivery. Returns how many messages were dropped for it, or instead of it.</summary>
    public int Add(MqttDelivery delivery)
    {
        int dropped = 0;
        lock (_gate)
        {
            if (_isComplete)
            {
                return 0;
            }

            delivery.Sequence = _sequence++;
            if (delivery.IsAcknowledgeable)
            {
                _unacknowledged.Enqueue(delivery);
            }
            else if (_plain.Count >= bufferMessages && overflow == Overflow.DropNewest)
            {
                return 1;
            }
            else
            {
                if (_plain.Count >= bufferMessages && overflow == Overflow.DropOldest)
                {
                    _plain.Dequeue();
                    dropped = 1;
                }

                _plain.Enqueue(delivery);
            }
        }

        // A message that took the place of another one takes its permit too.
        if (dropped == 0)
        {
            _available.Release();
        }

        return dropped;
    }

    /// <summary>Takes the oldest delivery, waiting for one; null when the subscription is over.</summary>
    /// <exception cref="MqttException">The client has given up.</exception>
    public async ValueTask<MqttDelivery?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            await _available.WaitAsync(ct).ConfigureAwait(false);
            lock (_gate)
            {
                if (TryTake(out MqttDelivery? delivery))
                {
                    return delivery;
                }

                if (_isComplete)
                {
                    // The next reader shall see the end too.
                    _available.Release();
                    return _cause is null ? null : throw _cause;
                }
            }
        }
    }

    /// <summary>Takes out what the server sends again on a new connection of the same session: QoS 1.</summary>
    public void RemoveRepeated()
    {
        lock (_gate)
        {
            for (int count = _unacknowledged.Count; count > 0; count--)
            {
                MqttDelivery delivery = _unacknowledged.Dequeue();
                if (delivery.Message.Qos != Protocol.QualityOfService.AtLeastOnce)
                {
                    _unacknowledged.Enqueue(delivery);
                }
            }
        }
    }

    /// <summary>Ends the queue: what is in it can still be read, and then readers get null or the cause.</summary>
    public void Complete(MqttException? cause)
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            _isComplete = true;
            _cause = cause;
        }

        _available.Release();
    }

    /// <summary>Puts deliveries back that were taken out and not handled, at their places. False when the queue is over.</summary>
    public bool PutBack(IReadOnlyCollection<MqttDelivery> deliveries)
    {
        lock (_gate)
        {
            if (_isComplete)
            {
                return false;
            }

            PutBack(_plain, deliveries.Where(static delivery => !delivery.IsAcknowledgeable));
            PutBack(_unacknowledged, deliveries.Where(static delivery => delivery.IsAcknowledgeable));
            if (deliveries.Count > 0)
            {
                _available.Release(deliveries.Count);
            }

            return true;
        }
    }

    /// <summary>Takes out all that waits.</summary>
    public List<MqttDelivery> TakeAll()
    {
        List<MqttDelivery> deliveries = [];
        lock (_gate)
        {
            while (TryTake(out MqttDelivery? delivery))
            {
                deliveries.Add(delivery);
            }
        }

        return deliveries;
    }

    private static void PutBack(Queue<MqttDelivery> queue, IEnumerable<MqttDelivery> deliveries)
    {
        MqttDelivery[] all = [.. queue.Concat(deliveries).OrderBy(static delivery => delivery.Sequence)];
        queue.Clear();
        foreach (MqttDelivery delivery in all)
        {
            queue.Enqueue(delivery);
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MqttDelivery? delivery)
    {
        if (!_plain.TryPeek(out MqttDelivery? plain))
        {
            return _unacknowledged.TryDequeue(out delivery);
        }

        if (_unacknowledged.TryPeek(out delivery) && delivery.Sequence < plain.Sequence)
        {
            return _unacknowledged.TryDequeue(out delivery);
        }

        return _plain.TryDequeue(out delivery);
    }
}
