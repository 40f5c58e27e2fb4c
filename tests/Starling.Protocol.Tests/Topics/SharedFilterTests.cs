using System.Text;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Tests.Topics;

public sealed class SharedFilterTests
{
    [Theory]
    [InlineData("$share/g/t", "g", "t"), InlineData("$share/g//", "g", "/"), InlineData("$share/a b/+/#", "a b", "+/#")]
    [Statement("MQTT-4.8.2-1")]
    public void A_shared_filter_is_taken_apart(string filter, string shareName, string rest)
    {
        Assert.True(SharedFilter.TryParse(Encoding.UTF8.GetBytes(filter), out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> shared));
        Assert.Equal(shareName, Encoding.UTF8.GetString(name));
        Assert.Equal(rest, Encoding.UTF8.GetString(shared));
    }

    [Theory]
    [InlineData("$share//t"), InlineData("$shared/g/t"), InlineData("$share"), InlineData("a/$share/g/t"), InlineData("$SHARE/g/t")]
    [Statement("MQTT-4.8.2-1")]
    public void Without_prefix_and_share_name_it_is_refused(string filter) => Assert.False(IsParsed(filter));

    [Theory]
    [InlineData("$share/g"), InlineData("$share/g/"), InlineData("$share/g+/t"), InlineData("$share/#/t"), InlineData("$share/g/a#")]
    [Statement("MQTT-4.8.2-2")]
    public void With_a_wildcard_in_the_name_or_no_valid_filter_behind_it_is_refused(string filter) => Assert.False(IsParsed(filter));

    [Theory]
    [InlineData("$share/", true)]
    [InlineData("$share/g/t", true)]
    [InlineData("$share", false)]
    [InlineData("$sharex/t", false)]
    [InlineData("a", false)]
    public void What_begins_with_the_prefix_is_meant_as_shared(string filter, bool isShared) =>
        Assert.Equal(isShared, SharedFilter.IsShared(Encoding.UTF8.GetBytes(filter)));

    private static bool IsParsed(string filter) => SharedFilter.TryParse(Encoding.UTF8.GetBytes(filter), out _, out _);
}
