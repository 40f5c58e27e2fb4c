using System.Diagnostics.CodeAnalysis;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>
/// The deliveries of one subscription that wait to be read: written by the loop, read by any thread. QoS 1 and 2 are bounded by
/// Receive Maximum, QoS 0 by the subscription's buffer.
/// </summary>
internal sealed class DeliveryQueue(int bufferMessages, Overflow overflow)
{
    // How many times as many QoS 0 messages are taken while the reader may wait for an answer of the server.
    private const int AnswerFactor = 16;

    private readonly Lock _gate = new();

    // Those who found nothing, in the order of their calls. Whoever is woken looks again: a later call may have been faster.
    private readonly Queue<TaskCompletionSource> _waiters = new();
    private readonly Queue<MqttDelivery> _unacknowledged = new();
    private readonly Queue<MqttDelivery> _plain = new();
    private long _sequence;
    private bool _isComplete;
    private bool _isUnwanted;
    private MqttException? _cause;

    /// <summary>How much room there is for QoS 0. Only with <see cref="Overflow.Wait"/> can there be none.</summary>
    public OwnerRoom Room
    {
        get
        {
            if (overflow != Overflow.Wait)
            {
                return OwnerRoom.Free;
            }

            lock (_gate)
            {
                return _plain.Count < bufferMessages ? OwnerRoom.Free
                    : _plain.Count < bufferMessages * (long)AnswerFactor ? OwnerRoom.Full
                    : OwnerRoom.Exhausted;
            }
        }
    }

    /// <summary>Appends a delivery. False when the queue is over: nobody will take it.</summary>
    /// <param name="delivery">What arrived.</param>
    /// <param name="dropped">How many messages were dropped for it, or instead of it.</param>
    public bool TryAdd(MqttDelivery delivery, out int dropped)
    {
        dropped = 0;
        lock (_gate)
        {
            if (_isComplete)
            {
                return false;
            }

            delivery.Sequence = _sequence++;
            if (delivery.IsAcknowledgeable)
            {
                _unacknowledged.Enqueue(delivery);
            }
            else if (_plain.Count < bufferMessages || overflow == Overflow.Wait)
            {
                _plain.Enqueue(delivery);
            }
            else
            {
                if (overflow == Overflow.DropOldest)
                {
                    _plain.Dequeue();
                    _plain.Enqueue(delivery);
                }

                // As many as before are there, so nobody waits.
                dropped = 1;
                return true;
            }

            WakeOne();
            return true;
        }
    }

    /// <summary>Takes the oldest delivery, waiting for one; null when the subscription is over.</summary>
    /// <exception cref="MqttException">The client has given up.</exception>
    public ValueTask<MqttDelivery?> ReadAsync(CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<MqttDelivery?>(ct);
        }

        return TryRead(out MqttDelivery? delivery, out TaskCompletionSource? waiter) ? ValueTask.FromResult(delivery) : WaitAsync(waiter, ct);
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
            while (_waiters.TryDequeue(out TaskCompletionSource? waiter))
            {
                waiter.TrySetResult();
            }
        }
    }

    /// <summary>Ends the queue like <see cref="Complete"/>, and nobody wants any more what is put back into it.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _isUnwanted = true;
            Complete(null);
        }
    }

    /// <summary>
    /// Puts deliveries back that were taken out and not handled, at their places, where they can be read even if the queue has ended since.
    /// False when nobody wants them any more.
    /// </summary>
    public bool PutBack(IReadOnlyCollection<MqttDelivery> deliveries)
    {
        lock (_gate)
        {
            if (_isUnwanted)
            {
                return false;
            }

            PutBack(_plain, deliveries.Where(static delivery => !delivery.IsAcknowledgeable));
            PutBack(_unacknowledged, deliveries.Where(static delivery => delivery.IsAcknowledgeable));
            for (int i = 0; i < deliveries.Count; i++)
            {
                WakeOne();
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

    private async ValueTask<MqttDelivery?> WaitAsync(TaskCompletionSource waiter, CancellationToken ct)
    {
        while (true)
        {
            using (ct.UnsafeRegister(static (state, token) => (state as TaskCompletionSource)?.TrySetCanceled(token), waiter))
            {
                try
                {
                    await waiter.Task.ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    // On a quiet subscription nobody else would ever come upon it.
                    Forget(waiter);
                    throw;
                }
            }

            if (TryRead(out MqttDelivery? delivery, out TaskCompletionSource? next))
            {
                return delivery;
            }

            waiter = next;
        }
    }

    /// <summary>Takes what there is, or the end; else gives something to wait for.</summary>
    private bool TryRead(out MqttDelivery? delivery, [NotNullWhen(false)] out TaskCompletionSource? waiter)
    {
        lock (_gate)
        {
            waiter = null;
            if (TryTake(out delivery))
            {
                return true;
            }

            if (_isComplete)
            {
                return _cause is null ? true : throw _cause;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Enqueue(waiter);
            return false;
        }
    }

    private void Forget(TaskCompletionSource waiter)
    {
        lock (_gate)
        {
            for (int count = _waiters.Count; count > 0; count--)
            {
                TaskCompletionSource other = _waiters.Dequeue();
                if (other != waiter)
                {
                    _waiters.Enqueue(other);
                }
            }
        }
    }

    // With the gate held. One that was cancelled does not count.
    private void WakeOne()
    {
        while (_waiters.TryDequeue(out TaskCompletionSource? waiter) && !waiter.TrySetResult())
        {
        }
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

    private bool TryTake([NotNullWhen(true)] out MqttDelivery? delivery)
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
