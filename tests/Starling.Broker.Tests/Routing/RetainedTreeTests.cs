using CsCheck;
using Starling.Broker.Routing;

namespace Starling.Broker.Tests.Routing;

public sealed class RetainedTreeTests
{
    private readonly RetainedTree _tree = new(long.MaxValue, long.MaxValue);

    [Fact]
    [Statement("MQTT-3.3.1-5")]
    public void A_message_replaces_the_one_of_its_topic()
    {
        RetainedMessage first = Store("a/b");
        RetainedMessage second = Store("a/b");

        Assert.Same(second, _tree.Get("a/b"u8, 0));
        Assert.Equal((false, true, 1L), (RetainedTree.IsCurrent(first), RetainedTree.IsCurrent(second), _tree.MessageCount));
    }

    [Fact]
    public void Revisions_rise_with_every_change()
    {
        ulong first = Store("a").Revision;
        _tree.Delete("a"u8, out ulong second);
        ulong third = Store("a").Revision;

        Assert.Equal([1UL, 2UL, 3UL, 3UL], [first, second, third, _tree.Revisions.Last]);
    }

    [Fact]
    public void A_deleted_message_is_gone_and_no_longer_current()
    {
        RetainedMessage message = Store("a/b/c");

        Assert.True(_tree.Delete("a/b/c"u8, out _));
        Assert.Null(_tree.Get("a/b/c"u8, 0));
        Assert.False(RetainedTree.IsCurrent(message));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c")]
    [InlineData("x")]
    public void Deleting_where_there_is_nothing_changes_nothing_and_has_a_revision_of_its_own(string topic)
    {
        Store("a/b");

        Assert.False(_tree.Delete(RoutingSamples.Bytes(topic), out ulong revision));
        Assert.Equal((2UL, 1L, 2L), (revision, _tree.MessageCount, _tree.NodeCount));
    }

    [Fact]
    public void The_tree_holds_what_a_dictionary_would_and_is_empty_at_the_end()
    {
        Gen.Select(RoutingSamples.Topic, Gen.Bool).Array[1, 60].Sample(changes =>
        {
            RetainedTree tree = new(long.MaxValue, long.MaxValue);
            Dictionary<string, RetainedMessage> model = [];
            foreach ((string topic, bool stores) in changes)
            {
                if (stores)
                {
                    model[topic] = RoutingSamples.NewRetained(topic);
                    tree.Store(model[topic]);
                }
                else
                {
                    Assert.Equal(model.Remove(topic), tree.Delete(RoutingSamples.Bytes(topic), out _));
                }

                Assert.Equal(model.Count, tree.MessageCount);
                Assert.Same(model.GetValueOrDefault(topic), tree.Get(RoutingSamples.Bytes(topic), 0));
            }

            foreach (string topic in model.Keys)
            {
                tree.Delete(RoutingSamples.Bytes(topic), out _);
            }

            Assert.Equal((0, 0, 0), (tree.MessageCount, tree.NodeCount, tree.Bytes));
        });
    }

    [Fact]
    public void The_limit_of_messages_refuses_a_new_topic_and_leaves_nothing_of_it()
    {
        RetainedTree tree = new(long.MaxValue, 1);
        tree.Store(RoutingSamples.NewRetained("a"));

        Assert.Equal(RetainedStoreResult.QuotaExceeded, tree.Store(RoutingSamples.NewRetained("b/c")));
        Assert.Equal((1L, 1L), (tree.MessageCount, tree.NodeCount));
    }

    [Fact]
    public void A_full_tree_takes_a_replacement_that_is_not_larger()
    {
        RetainedTree tree = FullTree("old");

        Assert.Equal(RetainedStoreResult.Stored, tree.Store(RoutingSamples.NewRetained("a", "new")));
    }

    [Fact]
    public void A_full_tree_refuses_a_larger_replacement_and_keeps_the_message()
    {
        RetainedTree tree = FullTree("old");
        long before = tree.Bytes;

        Assert.Equal(RetainedStoreResult.QuotaExceeded, tree.Store(RoutingSamples.NewRetained("a", "larger")));
        Assert.Equal(("old", before), (RoutingSamples.Text(tree.Get("a"u8, 0)?.Payload ?? []), tree.Bytes));
    }

    [Fact]
    public void Deep_topics_are_charged_for_their_levels()
    {
        RetainedTree tree = new(10_000, long.MaxValue);

        Assert.Equal(RetainedStoreResult.QuotaExceeded, tree.Store(RoutingSamples.NewRetained(new string('/', 200))));
        Assert.Equal((0L, 0L), (tree.NodeCount, tree.Bytes));
    }

    [Fact]
    [Statement("U5-25")]
    public void An_expired_message_is_not_given_out_before_it_is_swept()
    {
        Store("a", expiresAt: 1000);

        Assert.NotNull(_tree.Get("a"u8, 999));
        Assert.Null(_tree.Get("a"u8, 1000));
    }

    [Fact]
    public void Sweeping_removes_what_has_expired_and_nothing_else()
    {
        Gen.Select(RoutingSamples.Topic, Gen.Long[1, 10]).Array[0, 40].Sample(stores =>
        {
            RetainedTree tree = new(long.MaxValue, long.MaxValue);
            Dictionary<string, long> model = [];
            foreach ((string topic, long expiresAt) in stores)
            {
                tree.Store(RoutingSamples.NewRetained(topic, expiresAt: expiresAt));
                model[topic] = expiresAt;
            }

            int removed = tree.Sweep(5, int.MaxValue);

            Assert.Equal(model.Count(one => one.Value <= 5), removed);
            Assert.Equal(model.Count - removed, tree.MessageCount);
        });
    }

    [Fact]
    public void A_sweep_goes_on_where_it_stopped_and_leaves_no_empty_nodes()
    {
        for (int number = 0; number < 100; number++)
        {
            Store($"t/{number}/x", expiresAt: 1);
        }

        List<int> removed = [];
        while (_tree.MessageCount > 0 && removed.Count < 1000)
        {
            removed.Add(_tree.Sweep(1, 10));
        }

        Assert.All(removed, count => Assert.InRange(count, 0, 10));
        Assert.Equal((0L, 0L, 0L), (_tree.MessageCount, _tree.NodeCount, _tree.Bytes));
    }

    [Fact]
    public void A_sweep_reaches_topics_that_begin_with_a_dollar()
    {
        Store("$a/b", expiresAt: 1);

        Assert.Equal(1, _tree.Sweep(1, 100));
    }

    private static RetainedTree FullTree(string payload)
    {
        RetainedMessage message = RoutingSamples.NewRetained("a", payload);
        RetainedTree tree = new(message.SizeBytes + RetainedNode.SizeBytes, 1);
        Assert.Equal(RetainedStoreResult.Stored, tree.Store(message));
        return tree;
    }

    private RetainedMessage Store(string topic, long expiresAt = RetainedMessage.NeverExpires)
    {
        RetainedMessage message = RoutingSamples.NewRetained(topic, expiresAt: expiresAt);
        Assert.Equal(RetainedStoreResult.Stored, _tree.Store(message));
        return message;
    }
}
