using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>
/// Holds the connection back while the buffer of a subscription with <see cref="Overflow.Wait"/> is full, but for what its reader may be
/// waiting for.
/// </summary>
internal sealed class ReadingBrake
{
    private int _room = (int)OwnerRoom.Free;
    private int _awaitedReplies;

    /// <summary>What was told last. Any thread; a moment old at worst.</summary>
    public OwnerRoom Room => (OwnerRoom)Volatile.Read(ref _room);

    /// <summary>A request begins, and may have been sent by the reader of a full buffer. Any thread. True when somebody must look again.</summary>
    public bool BeginRequest()
    {
        Interlocked.Increment(ref _awaitedReplies);
        return Room != OwnerRoom.Free;
    }

    /// <summary>A request is over. Any thread.</summary>
    public void EndRequest() => Interlocked.Decrement(ref _awaitedReplies);

    /// <summary>Looks again. The loop's thread.</summary>
    public void Update(SubscriptionRegistry registry, ClientLink? link, in Instant now)
    {
        // Looked at again after it was told: a reader that took the last one before would not have known that it must wake us.
        while (Look(registry) is OwnerRoom room && room != Room)
        {
            Interlocked.Exchange(ref _room, (int)room);
            link?.SetReading(room, now);
        }
    }

    /// <summary>The connection has ended; the next one is read at first. The loop's thread.</summary>
    public void Reset() => Volatile.Write(ref _room, (int)OwnerRoom.Free);

    private OwnerRoom Look(SubscriptionRegistry registry)
    {
        OwnerRoom least = OwnerRoom.Free;
        for (int i = 0; i < registry.All.Count && least != OwnerRoom.Exhausted; i++)
        {
            OwnerRoom room = registry.All[i].Subscription.Queue.Room;
            least = room > least ? room : least;
        }

        // A reply is a message like others, so the machine does not know that it is awaited.
        return least == OwnerRoom.Full && Volatile.Read(ref _awaitedReplies) > 0 ? OwnerRoom.Free : least;
    }
}
