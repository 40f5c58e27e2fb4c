using System.Runtime.CompilerServices;

namespace Starling.Broker.Routing;

/// <summary>
/// The retained messages of all shards by topic. Any thread may read without a lock; a write locks the node of its topic, so the
/// revisions of a topic rise in the order of its writes.
/// </summary>
/// <remarks>
/// Time is handed in as UTC milliseconds; an expired message is as if it were gone, whether swept or not [U5-25]. Bytes count the messages
/// and the nodes that lead to them, so that deep topics are paid for.
/// </remarks>
/// <param name="bytesMax">What <see cref="Bytes"/> may reach.</param>
/// <param name="messagesMax">What <see cref="MessageCount"/> may reach.</param>
/// <param name="seed">For the hashes of levels; not known outside, so that nobody can choose levels that collide.</param>
internal sealed class RetainedTree(long bytesMax, long messagesMax, ulong seed = 0)
{
    private readonly Lock _sweepLock = new();
    private RetainedTraversal? _sweep;
    private long _messageCount;
    private long _expiringCount;
    private long _bytes;
    private long _nodeCount;

    public RetainedNode Root { get; } = new(new LevelKey([], seed), null);

    public ulong Seed { get; } = seed;

    public long MessageCount => Volatile.Read(ref _messageCount);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Levels of topics that are kept, without the root.</summary>
    public long NodeCount => Volatile.Read(ref _nodeCount);

    /// <summary>The revisions of all changes of the tree.</summary>
    public RetainedRevisions Revisions { get; } = new();

    /// <summary>
    /// Makes a message, which was never stored before, the one of its topic [MQTT-3.3.1-5] and gives it its revision. Ends with a full
    /// fence: whoever routes afterwards and finds a subscription missing can rely on that subscriber to read this message here.
    /// </summary>
    public RetainedStoreResult Store(RetainedMessage message)
    {
        while (true)
        {
            RetainedNode? node = Find(message.Topic);
            if (node is null && (MessageCount >= messagesMax || Bytes + message.SizeBytes + BytesOfMissingNodes(message.Topic) > bytesMax))
            {
                return RetainedStoreResult.QuotaExceeded;
            }

            node ??= FindOrMake(message.Topic);
            RetainedStoreResult result;
            lock (node)
            {
                // Somebody has just emptied and unlinked the node: make a new one.
                if (node.IsDead)
                {
                    continue;
                }

                result = Replace(node, message);
            }

            Prune(node);
            Interlocked.MemoryBarrier();
            return result;
        }
    }

    /// <summary>Puts a message of an earlier run back, whatever the limits say now; before others use the tree.</summary>
    public void Restore(RetainedMessage message, ulong revision)
    {
        RetainedNode node = FindOrMake(message.Topic);
        lock (node)
        {
            Interlocked.Add(ref _bytes, message.SizeBytes - (node.Message?.SizeBytes ?? 0));
            Interlocked.Add(ref _messageCount, node.Message is null ? 1 : 0);
            Interlocked.Add(ref _expiringCount, CountExpiring(message) - CountExpiring(node.Message));
            message.Place(node, revision);
            node.Message = message;
        }
    }

    /// <summary>
    /// Removes the message of a topic, and tells the revision of the removal: also when there is none any more, because its removal may not be stored yet.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public bool Delete(ReadOnlySpan<byte> topic, out ulong revision)
    {
        // Before looking: whoever stores with a lower one has made the node by then.
        revision = Revisions.Next();
        if (Find(topic) is not { } node)
        {
            return false;
        }

        lock (node)
        {
            if (node.Message is not { } message || message.Revision > revision)
            {
                return false;
            }

            Clear(node, message);
        }

        Prune(node);
        return true;
    }

    /// <summary>The message of a topic, unless it has expired.</summary>
    public RetainedMessage? Get(ReadOnlySpan<byte> topic, long utcMilliseconds)
    {
        RetainedMessage? message = Find(topic)?.Message;
        return message is null || message.IsExpired(utcMilliseconds) ? null : message;
    }

    /// <summary>Whether a message that was read earlier is still the one of its topic: a superseded copy is not sent.</summary>
    public static bool IsCurrent(RetainedMessage message) => ReferenceEquals(message.Node?.Message, message);

    /// <summary>Starts to read what matches a Topic Filter.</summary>
    public RetainedWalk Walk(byte[] filter) => new(this, filter);

    /// <summary>
    /// Removes expired messages among the next nodes, and goes on from there when called again. Does nothing while another thread sweeps.
    /// </summary>
    /// <returns>How many were removed.</returns>
    public int Sweep(long utcMilliseconds, int nodesMax)
    {
        if (Volatile.Read(ref _expiringCount) == 0 || !_sweepLock.TryEnter())
        {
            return 0;
        }

        try
        {
            _sweep ??= RetainedTraversal.OfEverything(this);
            int removed = 0;
            for (int visited = 0; visited < nodesMax; visited++)
            {
                if (!_sweep.Step(out RetainedNode? node))
                {
                    _sweep = null;
                    break;
                }

                removed += node is not null && RemoveExpired(node, utcMilliseconds) ? 1 : 0;
            }

            return removed;
        }
        finally
        {
            _sweepLock.Exit();
        }
    }

    private static RetainedNode? FindChild(RetainedNode node, in LevelKey key) => Unsafe.As<RetainedNode?>(node.Children.Find(key));

    private RetainedNode? Find(ReadOnlySpan<byte> topic)
    {
        RetainedNode? node = Root;
        TopicLevels levels = new(topic);
        while (node is not null && levels.MoveNext())
        {
            node = FindChild(node, new LevelKey(levels.Current, Seed));
        }

        return node;
    }

    private long BytesOfMissingNodes(ReadOnlySpan<byte> topic)
    {
        long bytes = 0;
        RetainedNode? node = Root;
        TopicLevels levels = new(topic);
        while (levels.MoveNext())
        {
            node = node is null ? null : FindChild(node, new LevelKey(levels.Current, Seed));
            bytes += node is null ? RetainedNode.SizeBytes : 0;
        }

        return bytes;
    }

    private RetainedNode FindOrMake(ReadOnlySpan<byte> topic)
    {
        while (true)
        {
            RetainedNode? node = Root;
            TopicLevels levels = new(topic);
            while (node is not null && levels.MoveNext())
            {
                LevelKey key = new(levels.Current, Seed);
                node = FindChild(node, key) ?? MakeChild(node, key);
            }

            if (node is not null)
            {
                return node;
            }
        }
    }

    /// <summary>Null when the parent has been unlinked meanwhile.</summary>
    private RetainedNode? MakeChild(RetainedNode parent, in LevelKey key)
    {
        lock (parent)
        {
            if (parent.IsDead)
            {
                return null;
            }

            if (FindChild(parent, key) is { } existing)
            {
                return existing;
            }

            RetainedNode child = new(key, parent);
            Interlocked.Increment(ref _nodeCount);
            Interlocked.Add(ref _bytes, RetainedNode.SizeBytes);
            parent.Children.Add(child);
            return child;
        }
    }

    private RetainedStoreResult Replace(RetainedNode node, RetainedMessage message)
    {
        RetainedMessage? before = node.Message;
        long moreBytes = message.SizeBytes - (before?.SizeBytes ?? 0);
        int moreMessages = before is null ? 1 : 0;
        long bytes = Interlocked.Add(ref _bytes, moreBytes);
        long messages = Interlocked.Add(ref _messageCount, moreMessages);

        // Replacing by something not larger is always allowed, however full it is.
        if ((moreBytes > 0 && bytes > bytesMax) || (moreMessages > 0 && messages > messagesMax))
        {
            Interlocked.Add(ref _bytes, -moreBytes);
            Interlocked.Add(ref _messageCount, -moreMessages);
            return RetainedStoreResult.QuotaExceeded;
        }

        Interlocked.Add(ref _expiringCount, CountExpiring(message) - CountExpiring(before));
        message.Place(node, Revisions.Next());
        node.Message = message;
        return RetainedStoreResult.Stored;
    }

    private static int CountExpiring(RetainedMessage? message) =>
        message is null || message.ExpiresAtUtcMilliseconds == RetainedMessage.NeverExpires ? 0 : 1;

    /// <summary>Under the node's lock.</summary>
    private void Clear(RetainedNode node, RetainedMessage message)
    {
        node.Message = null;
        Interlocked.Add(ref _bytes, -message.SizeBytes);
        Interlocked.Decrement(ref _messageCount);
        Interlocked.Add(ref _expiringCount, -CountExpiring(message));
    }

    private bool RemoveExpired(RetainedNode node, long utcMilliseconds)
    {
        if (node.Message is not { } seen || !seen.IsExpired(utcMilliseconds))
        {
            return false;
        }

        lock (node)
        {
            if (!ReferenceEquals(node.Message, seen))
            {
                return false;
            }

            Clear(node, seen);
        }

        Prune(node);
        return true;
    }

    /// <summary>Unlinks a node that leads to nothing, and its parents likewise.</summary>
    private void Prune(RetainedNode node)
    {
        while (node.Parent is { } parent && node.IsEmpty)
        {
            lock (parent)
            {
                lock (node)
                {
                    if (node.IsDead || !node.IsEmpty)
                    {
                        return;
                    }

                    node.IsDead = true;
                    parent.Children.Remove(node);
                }
            }

            Interlocked.Decrement(ref _nodeCount);
            Interlocked.Add(ref _bytes, -RetainedNode.SizeBytes);
            node = parent;
        }
    }
}
