namespace Starling.Client.Core;

/// <summary>
/// QoS 1 and QoS 2 messages that no subscription wants yet: a session may have queued them before this process has subscribed.
/// Bounded by Receive Maximum, because they are unacknowledged. The loop's thread.
/// </summary>
internal sealed class UnroutedMessages
{
    private const long HoldMilliseconds = 10_000;

    private readonly Queue<(Arrival Arrival, long Deadline)> _held = new();

    /// <summary>When the oldest is given up; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline => _held.TryPeek(out (Arrival Arrival, long Deadline) oldest) ? oldest.Deadline : long.MaxValue;

    public void Hold(Arrival arrival, long nowMilliseconds) => _held.Enqueue((arrival, nowMilliseconds + HoldMilliseconds));

    /// <summary>Takes out what a new subscription wants.</summary>
    public List<Arrival> Take(RegisteredSubscription subscription)
    {
        List<Arrival> wanted = [];
        for (int count = _held.Count; count > 0; count--)
        {
            (Arrival Arrival, long Deadline) held = _held.Dequeue();
            if (subscription.Matches(held.Arrival.Topic))
            {
                wanted.Add(held.Arrival);
            }
            else
            {
                _held.Enqueue(held);
            }
        }

        return wanted;
    }

    /// <summary>Takes out the oldest when its time is over.</summary>
    public Arrival? TakeOverdue(long nowMilliseconds) => Deadline <= nowMilliseconds ? _held.Dequeue().Arrival : null;

    /// <summary>Forgets what the server sends again: all QoS 1. With the session, QoS 2 too.</summary>
    public void Forget(bool isSessionPresent)
    {
        for (int count = _held.Count; count > 0; count--)
        {
            (Arrival Arrival, long Deadline) held = _held.Dequeue();
            if (isSessionPresent && held.Arrival.Token.Qos == Protocol.QualityOfService.ExactlyOnce)
            {
                _held.Enqueue(held);
            }
        }
    }
}
