using CsCheck;
using Starling.Broker.Routing;

namespace Starling.Broker.Tests.Routing;

public sealed class LevelTableTests
{
    [Fact]
    public void A_table_finds_what_was_added_and_not_removed()
    {
        Gen.Select(Gen.Int[0, 40], Gen.Bool).Array[0, 400].Sample(changes =>
        {
            LevelTable table = default;
            Dictionary<int, LevelNode> model = [];
            foreach ((int level, bool adds) in changes)
            {
                if (adds && !model.ContainsKey(level))
                {
                    LevelNode node = new(Key(level));
                    table.Add(node);
                    model.Add(level, node);
                }
                else if (!adds && model.Remove(level, out LevelNode? node))
                {
                    table.Remove(node);
                }

                for (int other = 0; other <= 40; other++)
                {
                    Assert.Same(model.GetValueOrDefault(other), table.Find(Key(other)));
                }
            }

            Assert.Equal(model.Count, table.Count);
        });
    }

    [Fact]
    public void A_table_that_is_empty_again_holds_no_memory()
    {
        LevelTable table = default;
        LevelNode[] nodes = [.. Enumerable.Range(0, 1000).Select(level => new LevelNode(Key(level)))];
        foreach (LevelNode node in nodes)
        {
            table.Add(node);
        }

        foreach (LevelNode node in nodes)
        {
            table.Remove(node);
        }

        Assert.Null(table.Slots);
    }

    [Fact]
    public void Adding_and_removing_in_turn_does_not_grow_a_table()
    {
        LevelTable table = default;
        table.Add(new LevelNode(Key(-1)));
        for (int level = 0; level < 10_000; level++)
        {
            LevelNode node = new(Key(level));
            table.Add(node);
            table.Remove(node);
        }

        Assert.True(table.Slots?.Length <= 8, $"{table.Slots?.Length} slots");
    }

    [Fact]
    public void A_view_meets_each_node_that_stays_once_while_the_table_grows()
    {
        LevelTable table = default;
        for (int level = 0; level < 100; level++)
        {
            table.Add(new LevelNode(Key(level)));
        }

        LevelSlot[] view = table.Slots ?? [];
        for (int level = 100; level < 1000; level++)
        {
            table.Add(new LevelNode(Key(level)));
        }

        for (int level = 0; level < 100; level++)
        {
            Assert.Equal(1, view.Count(slot => slot.Node?.Is(Key(level)) == true));
        }
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("ab", "ba")]
    [InlineData("aab", "abb")]
    [InlineData("abcde", "abcdf")]
    [InlineData("abcdefg", "abcdefgh")]
    [InlineData("abcdefgh1", "abcdefgh2")]
    public void Levels_that_differ_in_one_place_are_different(string one, string other)
    {
        LevelNode node = new(new LevelKey(RoutingSamples.Bytes(one), 0));

        Assert.False(node.Is(new LevelKey(RoutingSamples.Bytes(other), 0)));
    }

    private static LevelKey Key(int level) => new(RoutingSamples.Bytes($"level {level}"), 1);
}
