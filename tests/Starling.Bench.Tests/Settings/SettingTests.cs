using System.Text;
using CsCheck;
using Starling.Bench.Settings;

namespace Starling.Bench.Tests.Settings;

public sealed class SettingTests
{
    [Theory]
    [InlineData("24", 1, 24)]
    [InlineData("64,1024,65536", 3, 65_536)]
    [InlineData("30-32", 3, 32)]
    [InlineData("24-1048576", 64, 1_048_576)]
    [InlineData("100-100", 1, 100)]
    public void Sizes_are_one_a_list_or_a_range(string text, int count, int largest)
    {
        Assert.True(PayloadSizes.TryParse(text, out PayloadSizes sizes));
        Assert.Equal((count, largest, text), (sizes.Count, sizes.Largest, sizes.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("23")]
    [InlineData("x")]
    [InlineData("64,")]
    [InlineData("100-64")]
    [InlineData("24-64-128")]
    [InlineData("268435457")]
    [InlineData("-64")]
    public void Other_sizes_are_refused(string text) => Assert.False(PayloadSizes.TryParse(text, out _));

    [Fact]
    public void List_is_taken_in_turn()
    {
        Assert.True(PayloadSizes.TryParse("24,25,26", out PayloadSizes sizes));
        Random random = new(1);

        Assert.Equal([24, 25, 26, 24], Enumerable.Range(0, 4).Select(number => sizes[sizes.IndexFor(number, random)]));
    }

    [Fact]
    public void Range_is_drawn_from_end_to_end() => Gen.Int[24, 2000].Sample(smallest =>
    {
        Assert.True(PayloadSizes.TryParse($"{smallest}-{smallest + 500}", out PayloadSizes sizes));
        Random random = new(smallest);

        Assert.All(Enumerable.Range(0, 50), number => Assert.InRange(sizes[sizes.IndexFor(number, random)], smallest, smallest + 500));
        Assert.Equal((smallest, smallest + 500), (sizes[0], sizes[sizes.Count - 1]));
    });

    [Fact]
    public void Topics_stand_for_clients_and_messages()
    {
        TopicPattern topics = new("a/%i/b%c");

        Assert.Equal("a/7/b12", Encoding.UTF8.GetString(topics.For(7).Name(12)));
        Assert.Equal(("a/+/+", "a/7/+"), (topics.Filter(), topics.For(7).Filter()));
        Assert.True(topics is { HasClient: true, HasCounter: true });
    }
}
