using System.Text;
using CsCheck;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Tests.Topics;

public sealed class TopicNameTests
{
    [Theory]
    [InlineData("a"), InlineData("/"), InlineData("a//b"), InlineData("$SYS/a"), InlineData(" "), InlineData("$share/a/b")]
    public void A_name_without_wildcards_is_valid(string name) => Assert.True(TopicName.IsValid(Encoding.UTF8.GetBytes(name)));

    [Fact, Statement("MQTT-4.7.3-1"), Statement("MQTT311-4.7.3-1")]
    public void An_empty_name_is_not_valid() => Assert.False(TopicName.IsValid([]));

    [Theory]
    [InlineData("+"), InlineData("#"), InlineData("a/#"), InlineData("a+b"), InlineData("a/b#")]
    [Statement("MQTT-4.7.0-1"), Statement("MQTT311-4.7.1-1")]
    public void A_name_with_a_wildcard_is_not_valid(string name) => Assert.False(TopicName.IsValid(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData(65535, true), InlineData(65536, false)]
    [Statement("MQTT-4.7.3-3"), Statement("MQTT311-4.7.3-3")]
    public void A_name_has_at_most_65535_bytes(int lengthBytes, bool isValid)
    {
        byte[] name = new byte[lengthBytes];
        name.AsSpan().Fill((byte)'a');

        Assert.Equal(isValid, TopicName.IsValid(name));
    }

    [Theory]
    [InlineData("a", 1), InlineData("/a", 2), InlineData("a/", 2), InlineData("a//b", 3)]
    public void Empty_levels_count(string name, int levels) => Assert.Equal(levels, TopicName.CountLevels(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void A_plain_name_is_text_without_wildcards() =>
        Gen.OneOf<byte>((byte)'a', (byte)'a', (byte)'a', (byte)'/', (byte)'+', (byte)'#', 0x00, 0x03, 0x0B, 0x7F, 0x80, 0xA3, 0xAB, 0xFF).Array[0, 40]
            .Sample(bytes => Assert.Equal(
                !bytes.Any(one => one is 0 or (byte)'+' or (byte)'#' or >= 0x80), TopicName.IsPlain(bytes)));

    [Fact]
    public void One_wildcard_is_found_at_any_place() => Gen.Select(Gen.Int[1, 80], Gen.Int[0, 79]).Sample((length, place) =>
    {
        byte[] name = new byte[length];
        name.AsSpan().Fill((byte)'a');
        bool isPlain = TopicName.IsPlain(name);
        name[place % length] = (byte)'#';

        Assert.Equal((true, false), (isPlain, TopicName.IsPlain(name)));
    });
}
