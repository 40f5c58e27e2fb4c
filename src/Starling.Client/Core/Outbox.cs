namespace Starling.Client.Core;

/// <summary>
/// Counts the QoS 1 and QoS 2 messages that are not acknowledged, makes publishers wait for room, and counts what becomes of those that
/// have no caller. Any thread.
/// </summary>
internal sealed class Outbox(OutboxOptions options, EventDispatcher events)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Room)> _waiting = new();
    private long _usedBytes;
    private long _messages;
    private long _restored;
    private long _restoredAcknowledged;
    private long _restoredFailed;
    private TaskCompletionSource? _empty;

    /// <summary>Takes room when there is some and nobody waits for it.</summary>
    public bool TryEnter(long bytes)
    {
        lock (_gate)
        {
            bool hasRoom = _waiting.Count == 0 && (_usedBytes == 0 || _usedBytes + bytes <= options.MaxBytes);
            _usedBytes += hasRoom ? bytes : 0;
            _messages += hasRoom ? 1 : 0;
            return hasRoom;
        }
    }

    /// <summary>Takes room, in the order of the calls.</summary>
    public async ValueTask EnterAsync(long bytes, CancellationToken ct)
    {
        LinkedListNode<(long Bytes, TaskCompletionSource Room)> place;
        lock (_gate)
        {
            if (TryEnter(bytes))
            {
                return;
            }

            if (options.WhenFull == OutboxFull.Throw)
            {
                throw new MqttOutboxFullException(options.MaxBytes);
            }

            place = _waiting.AddLast((bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        await using (ct.UnsafeRegister((_, token) => Cancel(place, token), null).ConfigureAwait(false))
        {
            await place.Value.Room.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Gives room back.</summary>
    public void Leave(long bytes)
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            _usedBytes -= bytes;
            _messages--;
            GrantRoom();
            if (_usedBytes == 0)
            {
                (empty, _empty) = (_empty, null);
            }
        }

        empty?.TrySetResult();
    }

    /// <summary>What an earlier process has left takes its room, whatever the limit says.</summary>
    public void Restore(IReadOnlyCollection<PublishCall> left)
    {
        lock (_gate)
        {
            _usedBytes += left.Sum(static call => (long)call.ContentBytes);
            _messages += left.Count;
            _restored += left.Count;
        }
    }

    /// <summary>The server has taken a message.</summary>
    public void CountAcknowledged(PublishCall call)
    {
        if (!call.HasCaller)
        {
            Interlocked.Increment(ref _restoredAcknowledged);
        }
    }

    /// <summary>A message was given up. Its caller learns it; without one it is an event.</summary>
    public void CountFailed(PublishCall call, DropReason reason)
    {
        if (!call.HasCaller)
        {
            Interlocked.Increment(ref _restoredFailed);
            events.Dropped(reason, null, 1);
        }
    }

    /// <summary>What is in it now.</summary>
    public OutboxInfo Look()
    {
        lock (_gate)
        {
            return new OutboxInfo(
                _messages, _usedBytes, _restored, Interlocked.Read(ref _restoredAcknowledged), Interlocked.Read(ref _restoredFailed));
        }
    }

    /// <summary>Fails everybody who waits for room.</summary>
    public void Fail(MqttException cause)
    {
        lock (_gate)
        {
            foreach ((_, TaskCompletionSource room) in _waiting)
            {
                room.TrySetException(cause);
            }

            _waiting.Clear();
        }
    }

    /// <summary>A task that is done when nothing is unacknowledged.</summary>
    public Task WhenEmpty()
    {
        lock (_gate)
        {
            if (_usedBytes == 0)
            {
                return Task.CompletedTask;
            }

            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    // Whoever is gone may have been the one that the others waited for.
    private void Cancel(LinkedListNode<(long Bytes, TaskCompletionSource Room)> place, CancellationToken ct)
    {
        lock (_gate)
        {
            if (place.Value.Room.TrySetCanceled(ct))
            {
                _waiting.Remove(place);
                GrantRoom();
            }
        }
    }

    // With the gate held.
    private void GrantRoom()
    {
        while (_waiting.First is { Value: (long bytes, TaskCompletionSource room) } && (_usedBytes == 0 || _usedBytes + bytes <= options.MaxBytes))
        {
            _waiting.RemoveFirst();
            room.SetResult();
            _usedBytes += bytes;
            _messages++;
        }
    }
}
