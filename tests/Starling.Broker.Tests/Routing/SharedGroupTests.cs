using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Routing;

public sealed class SharedGroupTests
{
    private readonly SubscriptionTree _tree = new(2);
    private int _cursor;

    [Fact]
    public void Members_with_a_connection_take_turns()
    {
        SharedGroup group = Join(1, online: true).Group;
        Join(2, online: true);
        Join(3, online: true);

        Assert.Equal([1UL, 2UL, 3UL, 1UL], [Pick(group), Pick(group), Pick(group), Pick(group)]);
    }

    [Fact]
    public void An_absent_member_gets_nothing_while_one_is_connected()
    {
        SharedGroup group = Join(1, online: false, persistent: true).Group;
        Join(2, online: true);

        Assert.Equal([2UL, 2UL], [Pick(group), Pick(group)]);
    }

    [Fact]
    public void Absent_persistent_members_take_turns_when_nobody_is_connected()
    {
        SharedGroup group = Join(1, online: false, persistent: true).Group;
        Join(2, online: false);
        Join(3, online: false, persistent: true);

        Assert.Equal([1UL, 3UL, 1UL], [Pick(group), Pick(group), Pick(group)]);
    }

    [Fact]
    public void A_member_that_was_tried_is_not_asked_again()
    {
        SharedGroup group = Join(1, online: true).Group;
        Join(2, online: true);
        Join(3, online: false, persistent: true);

        Assert.Equal([2UL, 3UL, null], [Pick(group, 1), Pick(group, 1, 2), Pick(group, 1, 2, 3)]);
    }

    [Fact]
    public void A_member_that_has_connected_since_is_picked()
    {
        SharedMember member = Join(1, online: false);
        ulong? before = Pick(member.Group);

        member.IsOnline = true;

        Assert.Equal((null, 1UL), (before, Pick(member.Group)));
    }

    [Fact]
    public void Nobody_is_picked_from_an_empty_group()
    {
        SharedMember member = Join(1, online: true);
        _tree.RemoveShared(member);

        Assert.Null(Pick(member.Group));
    }

    [Fact]
    public void The_round_goes_on_when_members_leave()
    {
        SharedGroup group = Join(1, online: true).Group;
        SharedMember second = Join(2, online: true);
        Pick(group);
        Pick(group);

        _tree.RemoveShared(second);

        Assert.Equal([1UL, 1UL], [Pick(group), Pick(group)]);
    }

    [Fact]
    public void Groups_with_different_names_on_one_filter_each_get_the_message()
    {
        Join(1, online: true);
        Join(2, online: true, name: "other");

        Assert.Equal(2, new MatchCache(_tree, 0, new MatchCacheLimits()).Find("a"u8).Groups.Length);
    }

    [Fact]
    public void The_last_member_that_leaves_takes_the_path_along()
    {
        SharedMember first = Join(1, online: true);
        SharedMember second = Join(2, online: true, name: "other");

        _tree.RemoveShared(first);
        _tree.RemoveShared(second);

        Assert.Equal((0, 0), (_tree.LeafCount, _tree.NodeCount));
    }

    [Fact]
    public void A_filter_stays_while_only_a_group_hangs_there()
    {
        SharedMember member = Join(1, online: true);
        Subscription own = RoutingSamples.NewSubscription(RoutingSamples.NewSession(2), "a");
        _tree.Add(0, own, persistent: false);

        _tree.Remove(0, own);

        Assert.Same(member.Group, Assert.Single(new MatchCache(_tree, 1, new MatchCacheLimits()).Find("a"u8).Groups));
    }

    [Fact]
    public void Joining_and_leaving_change_what_a_cache_finds()
    {
        MatchCache cache = new(_tree, 0, new MatchCacheLimits());
        bool before = cache.Find("a"u8).IsEmpty;
        SharedMember member = Join(1, online: true);
        bool joined = cache.Find("a"u8).IsEmpty;

        _tree.RemoveShared(member);

        Assert.Equal((true, false, true), (before, joined, cache.Find("a"u8).IsEmpty));
    }

    [Fact]
    public void Each_shard_has_a_cursor_of_its_own()
    {
        SharedGroup group = Join(1, online: true).Group;

        group.CursorOf(0) = 7;

        Assert.Equal(1, group.CursorOf(1));
    }

    private SharedMember Join(ulong number, bool online, bool persistent = false, string name = "g")
    {
        Session session = RoutingSamples.NewSession(number, persistent);
        return _tree.AddShared(0, RoutingSamples.NewSubscription(session, "a", name), online);
    }

    private ulong? Pick(SharedGroup group, params ReadOnlySpan<ulong> tried) => group.Pick(ref _cursor, tried)?.Session.Number;
}
