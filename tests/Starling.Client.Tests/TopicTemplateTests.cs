using CsCheck;

namespace Starling.Client.Tests;

public sealed class TopicTemplateTests
{
    [Theory]
    [InlineData("sensors/{id}/temp", "sensors/+/temp"), InlineData("{a}/{b}", "+/+"), InlineData("a/{*rest}", "a/#"), InlineData("+/{x}/#", "+/+/#")]
    public void Names_become_wildcards(string template, string filter) => Assert.Equal(filter, TopicFilter.Template(template).Value);

    [Theory]
    [InlineData("a{id}"), InlineData("{}"), InlineData("{*}"), InlineData("{*a}/b"), InlineData("{a}/{a}"), InlineData("{a"), InlineData("{a+}"), InlineData("")]
    public void A_bad_template_is_the_callers_fault(string template) => Assert.Throws<ArgumentException>(() => TopicFilter.Template(template));

    [Theory]
    [InlineData("sensors/{id}/temp", "sensors/7/temp", "id", "7"), InlineData("{a}/{*b}", "x/y/z", "b", "y/z"), InlineData("{a}/{*b}", "x", "b", "")]
    [InlineData("$share/g/{a}/b", "x/b", "a", "x"), InlineData("{a}/{b}", "/", "b", "")]
    public void A_name_gives_what_stands_in_its_place(string template, string topic, string name, string value) =>
        Assert.Equal(value, TopicFilter.Template(template).ValueOf(name, topic));

    [Fact]
    public void Every_level_is_found_under_its_name() =>
        Gen.String[Gen.Char.AlphaNumeric, 0, 4].Array[1, 6].Sample(levels =>
        {
            TopicFilter filter = TopicFilter.Template(string.Join('/', levels.Select((_, i) => $"{{l{i}}}")));
            for (int i = 0; i < levels.Length; i++)
            {
                Assert.Equal(levels[i], filter.ValueOf($"l{i}", string.Join('/', levels)));
            }
        });

    [Fact]
    public void An_unknown_name_says_which_there_are()
    {
        Assert.Contains("but id", Assert.Throws<KeyNotFoundException>(() => TopicFilter.Template("a/{id}").ValueOf("x", "a/1")).Message, StringComparison.Ordinal);
        Assert.Contains("TopicFilter.Template", Assert.Throws<KeyNotFoundException>(() => new TopicFilter("a/+").ValueOf("x", "a/1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_with_other_names_are_other_filters()
    {
        Assert.NotEqual(TopicFilter.Template("a/{x}"), TopicFilter.Template("a/{y}"));
        Assert.NotEqual(TopicFilter.Template("a/{x}"), new TopicFilter("a/+"));
        Assert.Equal(TopicFilter.Template("a/{x}"), TopicFilter.Template("a/{x}"));
    }
}
