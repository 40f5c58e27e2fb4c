using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>The QoS 1 and QoS 2 messages of the session, between the outbox and the connection. The loop's thread.</summary>
internal sealed class OutgoingMessages(ClientSession session, TimeProvider time)
{
    // Looking for expired messages passes over all that wait, so it is not done more often.
    private const long LookMilliseconds = 1_000;

    private MqttException? _givenUp;
    private long _nextLook = long.MaxValue;

    /// <summary>The monotonic time at which <see cref="Advance"/> has something to do.</summary>
    public long Deadline => _nextLook;

    /// <summary>A message comes out of the outbox.</summary>
    public void Add(OutgoingMessage message, in Instant now)
    {
        PublishCall? call = message.Tag as PublishCall;
        if (call is { IsWithdrawn: true })
        {
            call.Leave();
            return;
        }

        if (_givenUp is { } cause)
        {
            // Published while the client was giving up. What is in a file stays there, for the next connection or process.
            if (call is { Store: null })
            {
                call.Fail(cause);
                return;
            }

            call?.Abandon(cause);
        }

        Limit(message, now);
        session.Add(message);
        Watch(message, now);
    }

    /// <summary>Takes over what an earlier process has left: in the order of PUBRECs what was received, then all else in its order.</summary>
    public void Restore(IReadOnlyList<PublishCall> calls, in Instant now)
    {
        foreach (PublishCall call in calls.Where(static call => call.Received is not null).OrderBy(static call => call.ReleasePlace))
        {
            session.TryRestore(call.Message, call.Received);
        }

        // Whether PUBLISH had left is not in the file. It is sent again under its own identifier, so a server that has it knows it. One
        // whose identifier an earlier message still holds cannot have left, and neither can those behind it.
        bool mayHaveLeft = true;
        foreach (PublishCall call in calls.Where(static call => call.Received is null))
        {
            Limit(call.Message, now);

            // Nothing is owed for QoS 1 but the message itself. A QoS 2 exchange has to end, or its identifier could not be used again.
            if (call.Message.Qos == QualityOfService.AtLeastOnce && call.Message.ExpiresAtUtcMilliseconds <= now.UtcMilliseconds)
            {
                call.Fail(new MqttMessageExpiredException(), DropReason.Expired);
                continue;
            }

            mayHaveLeft = mayHaveLeft && session.TryRestore(call.Message, null);
            if (!mayHaveLeft)
            {
                session.Add(call.Message);
                Watch(call.Message, now);
            }
        }
    }

    /// <summary>PUBREC took a message: it is written down before PUBREL leaves.</summary>
    public static void Received(PublishCall? call, ReasonCode reason)
    {
        if (call is { Store: { } store })
        {
            call.PubRecReason = reason;
            store.Received(call);
        }
    }

    /// <summary>The caller has cancelled: what was not sent yet is taken back.</summary>
    public void Cancel(PublishCall call)
    {
        if (session.RemoveWaiting(message => message.Tag == call) > 0)
        {
            call.Leave();
        }
    }

    /// <summary>Gives up what has expired before it was sent.</summary>
    public void Advance(in Instant now)
    {
        if (now.MonotonicMilliseconds < _nextLook)
        {
            return;
        }

        long utc = now.UtcMilliseconds;
        long next = long.MaxValue;
        session.RemoveWaiting(message =>
        {
            if (message.ExpiresAtUtcMilliseconds is not { } end || end > utc)
            {
                next = Math.Min(next, message.ExpiresAtUtcMilliseconds ?? long.MaxValue);
                return false;
            }

            (message.Tag as PublishCall)?.Fail(new MqttMessageExpiredException(), DropReason.Expired);
            return true;
        });
        _nextLook = next == long.MaxValue ? next : now.MonotonicMilliseconds + Math.Max(LookMilliseconds, next - utc);
    }

    /// <summary>The client connects again after it had given up.</summary>
    public void BeginAnew() => _givenUp = null;

    /// <summary>The client has given up: nobody waits any longer. What is in a file stays in the session.</summary>
    public void FailAll(MqttException cause)
    {
        _givenUp = cause;
        List<OutgoingMessage> kept = [.. session.Messages.Where(static message => message.Tag is PublishCall { Store: not null })];
        if (kept.Count > 0)
        {
            kept.ForEach(message => (message.Tag as PublishCall)?.Abandon(cause));
            return;
        }

        foreach (OutgoingMessage message in session.TakeAll())
        {
            (message.Tag as PublishCall)?.Fail(cause);
        }
    }

    // The clock of the loop is another one where the transport brings its own, so the time that is left is carried over.
    private void Limit(OutgoingMessage message, in Instant now)
    {
        if (message.Tag is PublishCall { ExpiresAtUtcMilliseconds: { } end })
        {
            message.ExpiresAtUtcMilliseconds = end - time.GetUtcNow().ToUnixTimeMilliseconds() + now.UtcMilliseconds;
        }
    }

    private void Watch(OutgoingMessage message, in Instant now)
    {
        if (message.ExpiresAtUtcMilliseconds is { } end)
        {
            _nextLook = Math.Min(_nextLook, now.MonotonicMilliseconds + Math.Max(LookMilliseconds, end - now.UtcMilliseconds));
        }
    }
}
