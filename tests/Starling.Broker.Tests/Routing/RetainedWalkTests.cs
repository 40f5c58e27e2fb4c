using CsCheck;
using Starling.Broker.Routing;

namespace Starling.Broker.Tests.Routing;

public sealed class RetainedWalkTests
{
    [Fact]
    [Statement("MQTT-4.7.2-1")]
    public void A_walk_gives_the_messages_whose_topics_match_each_once()
    {
        Gen.Select(RoutingSamples.Topic.Array[0, 40], RoutingSamples.Filter, Gen.Int[1, 5]).Sample((topics, filter, piece) =>
        {
            RetainedTree tree = new(long.MaxValue, long.MaxValue);
            Array.ForEach(topics, topic => tree.Store(RoutingSamples.NewRetained(topic)));

            List<string> given = ReadAll(tree.Walk(RoutingSamples.Bytes(filter)), piece);

            Assert.Equal(topics.Distinct().Where(topic => RoutingSamples.Matches(filter, topic)).Order(), given.Order());
        });
    }

    [Fact]
    public void What_stays_while_the_tree_changes_is_given_exactly_once()
    {
        Gen<(string, bool)> change = Gen.Select(RoutingSamples.Topic, Gen.Bool);
        Gen.Select(RoutingSamples.Topic.Array[0, 20], change.Array[0, 60], RoutingSamples.Filter).Sample((staying, changes, filter) =>
        {
            RetainedTree tree = new(long.MaxValue, long.MaxValue);
            HashSet<string> stays = [.. staying];
            Array.ForEach(changes[..(changes.Length / 2)], one => tree.Store(RoutingSamples.NewRetained(one.Item1)));
            RetainedMessage[] expected = [.. stays.Select(topic => RoutingSamples.NewRetained(topic))];
            Array.ForEach(expected, message => tree.Store(message));
            RetainedWalk walk = tree.Walk(RoutingSamples.Bytes(filter));
            List<RetainedMessage> given = [];
            foreach ((string topic, bool stores) in changes.Where(one => !stays.Contains(one.Item1)))
            {
                walk.Next(0, 1, given);
                Change(tree, topic, stores);
            }

            while (!walk.IsDone)
            {
                walk.Next(0, 100, given);
            }

            Assert.Equal(
                expected.Where(message => RoutingSamples.Matches(filter, RoutingSamples.Text(message.Topic))).OrderBy(message => message.Revision),
                given.Where(message => stays.Contains(RoutingSamples.Text(message.Topic))).OrderBy(message => message.Revision));
            Assert.All(given, message => Assert.True(RoutingSamples.Matches(filter, RoutingSamples.Text(message.Topic))));
        });
    }

    [Fact]
    [Statement("U5-25")]
    public void Expired_messages_are_passed_over()
    {
        RetainedTree tree = new(long.MaxValue, long.MaxValue);
        tree.Store(RoutingSamples.NewRetained("a/old", expiresAt: 10));
        tree.Store(RoutingSamples.NewRetained("a/new", expiresAt: 11));
        List<RetainedMessage> given = [];

        tree.Walk("#"u8.ToArray()).Next(10, 100, given);

        Assert.Equal("a/new", RoutingSamples.Text(Assert.Single(given).Topic));
    }

    [Fact]
    public void One_call_gives_no_more_than_it_was_asked_for()
    {
        RetainedTree tree = TreeOf(100);
        List<RetainedMessage> given = [];

        Assert.Equal(7, tree.Walk("#"u8.ToArray()).Next(0, 7, given));
        Assert.Equal(7, given.Count);
    }

    [Fact]
    public void One_call_looks_at_a_bounded_part_of_the_tree()
    {
        RetainedTree tree = TreeOf(RetainedWalk.StepsMax * 4);
        RetainedWalk walk = tree.Walk("+/missing"u8.ToArray());

        walk.Next(0, 1, []);

        Assert.False(walk.IsDone);
    }

    [Fact]
    public void A_filter_without_wildcards_goes_straight_to_its_node()
    {
        RetainedTree tree = TreeOf(10_000);
        RetainedWalk walk = tree.Walk("7"u8.ToArray());
        List<RetainedMessage> given = [];

        walk.Next(0, 10, given);

        Assert.Equal((1, true), (given.Count, walk.IsDone));
    }

    [Fact]
    public void Very_deep_topics_need_no_stack()
    {
        RetainedTree tree = new(long.MaxValue, long.MaxValue);
        tree.Store(RoutingSamples.NewRetained(new string('/', 60_000)));

        Assert.Single(ReadAll(tree.Walk("#"u8.ToArray()), 10));
    }

    private static RetainedTree TreeOf(int count)
    {
        RetainedTree tree = new(long.MaxValue, long.MaxValue);
        for (int number = 0; number < count; number++)
        {
            tree.Store(RoutingSamples.NewRetained($"{number}"));
        }

        return tree;
    }

    private static void Change(RetainedTree tree, string topic, bool stores)
    {
        if (stores)
        {
            tree.Store(RoutingSamples.NewRetained(topic));
        }
        else
        {
            tree.Delete(RoutingSamples.Bytes(topic), out _);
        }
    }

    private static List<string> ReadAll(RetainedWalk walk, int piece)
    {
        List<RetainedMessage> given = [];
        while (!walk.IsDone)
        {
            walk.Next(0, piece, given);
        }

        return [.. given.Select(message => RoutingSamples.Text(message.Topic))];
    }
}
