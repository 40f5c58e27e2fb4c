using System.Text;
using CsCheck;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Tests.Topics;

public sealed class TopicFilterTests
{
    private static readonly Gen<string> Filter =
        Gen.OneOf("a", "b", "", "+", "#", "$a", "a+", "#a").Array[1, 5].Select(levels => string.Join('/', levels));

    private static readonly Gen<string> Name =
        Gen.OneOf("a", "b", "", "$a").Array[1, 5].Select(levels => string.Join('/', levels)).Where(name => name.Length != 0);

    [Theory]
    [InlineData("#"), InlineData("a/#"), InlineData("/#"), InlineData("+/#"), InlineData("a"), InlineData("/")]
    [Statement("MQTT-4.7.1-1"), Statement("MQTT311-4.7.1-2")]
    public void A_number_sign_may_be_the_last_level(string filter) => Assert.True(IsValid(filter));

    [Theory]
    [InlineData("a#"), InlineData("a/#/b"), InlineData("#/a"), InlineData("##"), InlineData("a/b#"), InlineData("#/"), InlineData("+#")]
    [Statement("MQTT-4.7.1-1"), Statement("MQTT311-4.7.1-2")]
    public void A_number_sign_elsewhere_is_refused(string filter) => Assert.False(IsValid(filter));

    [Theory]
    [InlineData("+"), InlineData("+/a"), InlineData("a/+/b"), InlineData("/+"), InlineData("+/+")]
    [Statement("MQTT-4.7.1-2"), Statement("MQTT311-4.7.1-3")]
    public void A_plus_sign_may_fill_any_level(string filter) => Assert.True(IsValid(filter));

    [Theory]
    [InlineData("a+"), InlineData("+a"), InlineData("a/b+"), InlineData("++"), InlineData("a/+b/c")]
    [Statement("MQTT-4.7.1-2"), Statement("MQTT311-4.7.1-3")]
    public void A_plus_sign_beside_other_characters_is_refused(string filter) => Assert.False(IsValid(filter));

    [Fact, Statement("MQTT-4.7.3-1"), Statement("MQTT311-4.7.3-1")]
    public void An_empty_filter_is_refused() => Assert.False(IsValid(""));

    [Theory]
    [InlineData("#", "$SYS/a"), InlineData("+/a", "$SYS/a"), InlineData("+", "$a"), InlineData("+/#", "$SYS/a")]
    [Statement("MQTT-4.7.2-1"), Statement("MQTT311-4.7.2-1")]
    public void A_wildcard_at_the_front_does_not_match_a_dollar_topic(string filter, string topic) => Assert.False(Matches(filter, topic));

    [Theory]
    [InlineData("$SYS/#", "$SYS/a"), InlineData("$SYS/+", "$SYS/a"), InlineData("a/+", "a/$b"), InlineData("#", "a/$b")]
    [Statement("MQTT-4.7.2-1"), Statement("MQTT311-4.7.2-1")]
    public void A_dollar_topic_is_matched_by_its_own_first_level(string filter, string topic) => Assert.True(Matches(filter, topic));

    [Theory]
    [InlineData("a", "A"), InlineData("a", "a/"), InlineData("\u00E9", "e\u0301"), InlineData("a/b", "a//b"), InlineData("\uFEFFa", "a")]
    [Statement("MQTT-4.7.3-4"), Statement("MQTT311-4.7.3-4")]
    public void Characters_are_compared_as_they_are(string filter, string topic) => Assert.False(Matches(filter, topic));

    [Theory]
    [InlineData("a/#", "a")]
    [InlineData("#", "a/b/c")]
    [InlineData("+/+", "/a")]
    [InlineData("/+", "/a")]
    [InlineData("a/+/c", "a//c")]
    [InlineData("a/+/#", "a/b")]
    public void Levels_are_matched(string filter, string topic) => Assert.True(Matches(filter, topic));

    [Theory]
    [InlineData("a", true), InlineData("a/+", false), InlineData("#", false)]
    public void Wildcards_are_seen(string filter, bool isPlain) => Assert.NotEqual(isPlain, TopicFilter.HasWildcards(Encoding.UTF8.GetBytes(filter)));

    [Fact]
    public void Validity_is_judged_as_level_by_level() =>
        Filter.Sample(filter => Assert.Equal(IsValidByLevels(filter), IsValid(filter)));

    [Fact]
    public void Matching_is_judged_as_level_by_level() =>
        Gen.Select(Filter.Where(IsValidByLevels), Name)
            .Sample((filter, topic) => Assert.Equal(MatchesByLevels(filter, topic), Matches(filter, topic)));

    private static bool IsValid(string filter) => TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter));

    private static bool Matches(string filter, string topic) =>
        TopicFilter.Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic));

    private static bool IsValidByLevels(string filter)
    {
        string[] levels = filter.Split('/');
        return filter.Length != 0
            && levels.All(level => level.Length == 1 || level.IndexOfAny(['+', '#']) < 0)
            && !levels.SkipLast(1).Contains("#");
    }

    private static bool MatchesByLevels(string filter, string topic)
    {
        if (topic[0] == '$' && filter[0] is ('+' or '#'))
        {
            return false;
        }

        string[] filterLevels = filter.Split('/');
        string[] topicLevels = topic.Split('/');
        int compared = filterLevels[^1] == "#" ? filterLevels.Length - 1 : filterLevels.Length;
        return (filterLevels[^1] == "#" ? topicLevels.Length >= compared : topicLevels.Length == compared)
            && Enumerable.Range(0, compared).All(i => filterLevels[i] == "+" || filterLevels[i] == topicLevels[i]);
    }
}
