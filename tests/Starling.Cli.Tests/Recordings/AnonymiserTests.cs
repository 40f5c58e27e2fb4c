using System.Globalization;
using System.Text;
using CsCheck;
using Starling.Cli.Recordings;
using Starling.Client;
using Starling.Protocol.Topics;

namespace Starling.Cli.Tests.Recordings;

public sealed class AnonymiserTests
{
    private readonly Anonymiser _anonymiser = new([.. Enumerable.Range(0, 32).Select(static i => (byte)i)]);

    [Fact]
    public void Sizes_levels_and_flags_stay_and_the_message_can_be_published() => RecordingGen.Message.Sample(message =>
    {
        MqttMessage replaced = _anonymiser.Replace(message);

        Assert.Equal(Encoding.UTF8.GetByteCount(message.Topic), Encoding.UTF8.GetByteCount(replaced.Topic));
        Assert.Equal((message.Payload.Length, message.CorrelationData.Length), (replaced.Payload.Length, replaced.CorrelationData.Length));
        Assert.Equal((message.Qos, message.Retain, message.Expiry, message.PayloadIsUtf8), (replaced.Qos, replaced.Retain, replaced.Expiry, replaced.PayloadIsUtf8));
        Assert.Equal(message.UserProperties.Select(Size), replaced.UserProperties.Select(Size));
        Assert.True(TopicName.IsValid(Encoding.UTF8.GetBytes(replaced.Topic)));

        static (int Name, int Value) Size(UserProperty property) => (Encoding.UTF8.GetByteCount(property.Name), Encoding.UTF8.GetByteCount(property.Value));
    });

    [Fact]
    public void Same_is_replaced_by_the_same_and_different_levels_by_different_ones() => Gen.String[Gen.Char.AlphaNumeric, 1, 3].Array[1, 400].Sample(
        levels =>
        {
            Anonymiser anonymiser = new(new byte[32]);
            string[] replaced = [.. levels.Select(anonymiser.ReplaceTopic)];

            Assert.Equal(levels.Distinct().Count(), replaced.Distinct().Count());
            Assert.All(levels.Zip(replaced), pair => Assert.Equal(pair.Second, anonymiser.ReplaceTopic(pair.First)));
        },
        iter: 20);

    [Fact]
    public void Every_level_of_one_byte_has_another_one()
    {
        string[] levels = [.. Enumerable.Range(1, 126).Select(static i => ((char)i).ToString()).Where(static level => level is not ("+" or "#" or "/" or "$"))];

        string[] replaced = [.. levels.Select(_anonymiser.ReplaceTopic)];

        Assert.Equal(levels.Length, replaced.Distinct().Count());
        Assert.All(replaced, static level => Assert.True(TopicName.IsValid(Encoding.UTF8.GetBytes(level)) && !level.Contains('/')));
        Assert.True(replaced.Count(static level => level.Length == 1) > 80);
    }

    [Fact]
    public void Topics_keep_their_shape()
    {
        string first = _anonymiser.ReplaceTopic("site/berlin/room/7");
        string second = _anonymiser.ReplaceTopic("/room//berlin");
        string system = _anonymiser.ReplaceTopic("$SYS/x");

        Assert.Equal(first.Split('/')[1], second.Split('/')[3]);
        Assert.Equal(first.Split('/')[2], second.Split('/')[1]);
        Assert.Equal(("", "", 4), (second.Split('/')[0], second.Split('/')[2], second.Split('/').Length));
        Assert.Matches("^\\$...\\/.$", system);
        Assert.DoesNotContain("berlin", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Payloads_are_as_equal_as_they_were_and_another_key_gives_others()
    {
        string[] texts = ["on", "off", "on"];
        MqttMessage[] messages = [.. texts.Select(static text => new MqttMessage { Topic = "door", Payload = Encoding.UTF8.GetBytes(text) })];
        string[] replaced = [.. messages.Select(message => Encoding.UTF8.GetString(_anonymiser.Replace(message).Payload.Span))];

        Assert.Equal(replaced[0], replaced[2]);
        Assert.NotEqual(replaced[0], replaced[1]);
        string other = Encoding.UTF8.GetString(new Anonymiser(new byte[32]).Replace(messages[1]).Payload.Span);
        Assert.NotEqual(replaced[1], other);
    }

    [Fact]
    public void Large_payload_is_replaced_whole()
    {
        byte[] payload = new byte[100_000];

        ReadOnlySpan<byte> replaced = _anonymiser.Replace(new MqttMessage { Topic = "a", Payload = payload }).Payload.Span;

        Assert.Equal(payload.Length, replaced.Length);
        Assert.Equal(36, replaced.ToArray().Distinct().Count());
        Assert.False(replaced[..1000].SequenceEqual(replaced[1000..2000]), string.Create(CultureInfo.InvariantCulture, $"{replaced[0]}"));
    }
}
