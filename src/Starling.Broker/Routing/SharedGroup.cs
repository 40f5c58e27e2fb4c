namespace Starling.Broker.Routing;

/// <summary>The sessions that share the messages of one Topic Filter under one ShareName. Each message goes to one of them.</summary>
internal sealed class SharedGroup : LevelNode
{
    // A cache line per shard: each publishing shard turns its own cursor for every message.
    private const int CursorStride = 16;

    private readonly int[] _cursors;
    private volatile SharedMember[] _members = [];

    public SharedGroup(in LevelKey shareName, SubscriptionLeaf leaf, int shardCount)
        : base(shareName)
    {
        Leaf = leaf;
        ShareName = shareName.Level.ToArray();
        _cursors = new int[shardCount * CursorStride];
        for (int shard = 0; shard < shardCount; shard++)
        {
            // Shards start at different members, or the first would get the first message of each.
            CursorOf(shard) = shard;
        }
    }

    public SubscriptionLeaf Leaf { get; }

    public byte[] ShareName { get; }

    /// <summary>The filter with $share/NAME/ in UTF-8, as records name the group.</summary>
    public byte[] SharedFilter { get; init; } = [];

    /// <summary>Never changed in place: each join and leave makes a new array.</summary>
    public SharedMember[] Members => _members;

    /// <summary>Where the given shard stands in its round of the members. Touched by that shard only.</summary>
    public ref int CursorOf(int shard) => ref _cursors[shard * CursorStride];

    /// <summary>
    /// Picks the member that gets a message: those with a connection in turn, and when there is none the absent persistent ones in turn.
    /// </summary>
    /// <param name="cursor">The picking shard's place in the round.</param>
    /// <param name="triedSessions">Numbers of the sessions that this message was already offered to; they are not asked again.</param>
    /// <returns>Null when nobody is left.</returns>
    public SharedMember? Pick(ref int cursor, ReadOnlySpan<ulong> triedSessions)
    {
        SharedMember[] members = _members;
        return Pick(members, ref cursor, triedSessions, online: true) ?? Pick(members, ref cursor, triedSessions, online: false);
    }

    /// <summary>Under the tree's lock.</summary>
    public void Join(SharedMember member) => _members = [.. _members, member];

    /// <summary>Under the tree's lock.</summary>
    public void Leave(SharedMember member) => _members = Array.FindAll(_members, other => !ReferenceEquals(other, member));

    private static SharedMember? Pick(SharedMember[] members, ref int cursor, ReadOnlySpan<ulong> triedSessions, bool online)
    {
        // The cursor may stand behind the end since somebody left.
        int index = cursor < members.Length ? cursor : 0;
        for (int passed = 0; passed < members.Length; passed++)
        {
            SharedMember member = members[index];
            index = index + 1 < members.Length ? index + 1 : 0;
            bool fits = online ? member.IsOnline : member.IsPersistent && !member.IsOnline;
            if (fits && !triedSessions.Contains(member.Session.Number))
            {
                cursor = index;
                return member;
            }
        }

        return null;
    }
}
