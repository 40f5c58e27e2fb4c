namespace Starling.Client.Core;

/// <summary>Counts the bytes of QoS 1 and QoS 2 messages that are not acknowledged, and makes publishers wait for room. Any thread.</summary>
internal sealed class Outbox(OutboxOptions options)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Room)> _waiting = new();
    private long _usedBytes;
    private TaskCompletionSource? _empty;

    /// <summary>Takes room, in the order of the calls.</summary>
    public async ValueTask EnterAsync(long bytes, CancellationToken ct)
    {
        TaskCompletionSource room;
        lock (_gate)
        {
            if (_waiting.Count == 0 && (_usedBytes == 0 || _usedBytes + bytes <= options.MaxBytes))
            {
                _usedBytes += bytes;
                return;
            }

            if (options.WhenFull == OutboxFull.Throw)
            {
                throw new MqttOutboxFullException(options.MaxBytes);
            }

            room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, room));
        }

        await using (ct.UnsafeRegister(static (state, token) => (state as TaskCompletionSource)?.TrySetCanceled(token), room))
        {
            await room.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Gives room back.</summary>
    public void Leave(long bytes)
    {
        TaskCompletionSource? empty = null;
        lock (_gate)
        {
            _usedBytes -= bytes;
            while (_waiting.TryPeek(out (long Bytes, TaskCompletionSource Room) next)
                && (_usedBytes == 0 || _usedBytes + next.Bytes <= options.MaxBytes))
            {
                _waiting.Dequeue();

                // A cancelled one takes no room.
                _usedBytes += next.Room.TrySetResult() ? next.Bytes : 0;
            }

            if (_usedBytes == 0)
            {
                (empty, _empty) = (_empty, null);
            }
        }

        empty?.TrySetResult();
    }

    /// <summary>Fails everybody who waits for room.</summary>
    public void Fail(MqttException cause)
    {
        lock (_gate)
        {
            while (_waiting.TryDequeue(out (long Bytes, TaskCompletionSource Room) next))
            {
                next.Room.TrySetException(cause);
            }
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
}
