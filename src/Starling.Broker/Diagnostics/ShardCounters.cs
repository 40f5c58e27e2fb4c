using Starling.Protocol;

namespace Starling.Broker.Diagnostics;

/// <summary>
/// What one shard counts. Its thread writes the fields plainly; others read them through <see cref="AddTo"/>, a moment late at worst.
/// Those without "Now" only ever grow.
/// </summary>
internal sealed class ShardCounters
{
    private readonly long[] _dropped = new long[DropReasonName.Count];

    private readonly long[] _crossed = new long[BrokerLimitName.Count];

    /// <summary>Accepted from a listener, before any packet.</summary>
    public long SocketsOpened;

    /// <summary>Answered with a successful CONNACK.</summary>
    public long ConnectionsOpened;

    /// <summary>Connections with a successful CONNACK that are open.</summary>
    public long ConnectionsNow;

    /// <summary>Sessions, connected or absent.</summary>
    public long SessionsNow;

    /// <summary>Sessions ended by their Session Expiry Interval.</summary>
    public long SessionsExpired;

    /// <summary>Control packets of all types.</summary>
    public long PacketsReceived;

    /// <summary>Control packets of all types.</summary>
    public long PacketsSent;

    public long PublishReceived;

    public long PublishSent;

    /// <summary>Payload bytes of PUBLISH packets.</summary>
    public long PublishBytesReceived;

    /// <summary>Payload bytes of PUBLISH packets.</summary>
    public long PublishBytesSent;

    public long BytesReceived;

    public long BytesSent;

    /// <summary>Subscriptions that are not shared.</summary>
    public long SubscriptionsNow;

    public long SharedSubscriptionsNow;

    /// <summary>Deliveries that wait in the queues of sessions.</summary>
    public long QueuedMessagesNow;

    /// <summary>Bytes of the deliveries that wait in the queues of sessions.</summary>
    public long QueuedBytesNow;

    /// <summary>Counts one PUBLISH that was sent.</summary>
    public void Sent(int packetBytes, int payloadBytes)
    {
        PacketsSent++;
        PublishSent++;
        BytesSent += packetBytes;
        PublishBytesSent += payloadBytes;
    }

    /// <summary>Counts one PUBLISH that was sent to so many clients.</summary>
    public void SentToMany(int clients, int packetBytes, int payloadBytes)
    {
        PacketsSent += clients;
        PublishSent += clients;
        BytesSent += (long)clients * packetBytes;
        PublishBytesSent += (long)clients * payloadBytes;
    }

    /// <summary>Counts a packet of another type; none when it has no bytes.</summary>
    public void Replied(int packetBytes)
    {
        if (packetBytes > 0)
        {
            PacketsSent++;
            BytesSent += packetBytes;
        }
    }

    /// <summary>Counts the crossing of a limit.</summary>
    public void Cross(BrokerLimit limit) => _crossed[(int)limit]++;

    /// <summary>Counts the crossing of the limit that a refusal speaks of, if it does.</summary>
    public void CrossBy(ReasonCode reason)
    {
        if (BrokerLimitName.CrossedBy(reason) is { } limit)
        {
            Cross(limit);
        }
    }

    public long Crossed(BrokerLimit limit) => Volatile.Read(ref _crossed[(int)limit]);

    /// <summary>Counts messages given up.</summary>
    public void Drop(DropReason reason, long messages = 1) => _dropped[(int)reason] += messages;

    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>Messages given up for any reason.</summary>
    public long DroppedInAll()
    {
        long sum = 0;
        for (int i = 0; i < _dropped.Length; i++)
        {
            sum += Volatile.Read(ref _dropped[i]);
        }

        return sum;
    }

    /// <summary>Adds everything to a sum that belongs to the caller. Callable from any thread.</summary>
    public void AddTo(ShardCounters sum)
    {
        sum.SocketsOpened += Volatile.Read(ref SocketsOpened);
        sum.ConnectionsOpened += Volatile.Read(ref ConnectionsOpened);
        sum.ConnectionsNow += Volatile.Read(ref ConnectionsNow);
        sum.SessionsNow += Volatile.Read(ref SessionsNow);
        sum.SessionsExpired += Volatile.Read(ref SessionsExpired);
        sum.PacketsReceived += Volatile.Read(ref PacketsReceived);
        sum.PacketsSent += Volatile.Read(ref PacketsSent);
        sum.PublishReceived += Volatile.Read(ref PublishReceived);
        sum.PublishSent += Volatile.Read(ref PublishSent);
        sum.PublishBytesReceived += Volatile.Read(ref PublishBytesReceived);
        sum.PublishBytesSent += Volatile.Read(ref PublishBytesSent);
        sum.BytesReceived += Volatile.Read(ref BytesReceived);
        sum.BytesSent += Volatile.Read(ref BytesSent);
        sum.SubscriptionsNow += Volatile.Read(ref SubscriptionsNow);
        sum.SharedSubscriptionsNow += Volatile.Read(ref SharedSubscriptionsNow);
        sum.QueuedMessagesNow += Volatile.Read(ref QueuedMessagesNow);
        sum.QueuedBytesNow += Volatile.Read(ref QueuedBytesNow);
        for (int i = 0; i < _dropped.Length; i++)
        {
            sum._dropped[i] += Volatile.Read(ref _dropped[i]);
        }

        for (int i = 0; i < _crossed.Length; i++)
        {
            sum._crossed[i] += Volatile.Read(ref _crossed[i]);
        }
    }
}
