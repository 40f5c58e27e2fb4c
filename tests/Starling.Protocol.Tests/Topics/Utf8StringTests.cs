using System.Text;
using CsCheck;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Tests.Topics;

public sealed class Utf8StringTests
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Gen<byte[]> NearlyText =
        from pieces in Gen.OneOf("a", "topic/level", "é", "字", "😀", "\uFEFF", "0123456789abcdef").Array[0, 8]
        from change in Gen.Byte
        from place in Gen.Int[0, 400]
        select Changed(Encoding.UTF8.GetBytes(string.Concat(pieces)), place, change);

    [Theory]
    [InlineData("C0AF")]
    [InlineData("EDA080")]
    [InlineData("EDBFBF")]
    [InlineData("F4908080")]
    [InlineData("FF")]
    [InlineData("E282")]
    [InlineData("80")]
    [InlineData("61616161616161616161616161616161FF")]
    [Statement("MQTT-1.5.4-1"), Statement("MQTT311-1.5.3-1")]
    public void Bytes_that_are_not_UTF_8_are_refused(string hex) => Assert.False(Utf8String.IsValid(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("00"), InlineData("6100"), InlineData("C3A900"), InlineData("6161616161616161616161616161616100")]
    [Statement("MQTT-1.5.4-2"), Statement("MQTT311-1.5.3-2")]
    public void The_null_character_is_refused(string hex) => Assert.False(Utf8String.IsValid(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("EFBBBF"), InlineData("EFBBBF61"), InlineData("61EFBBBF")]
    [Statement("MQTT-1.5.4-3"), Statement("MQTT311-1.5.3-3")]
    public void The_byte_order_mark_is_an_ordinary_character(string hex) => Assert.True(Utf8String.IsValid(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("61")]
    [InlineData("01")]
    [InlineData("7F")]
    [InlineData("F48FBFBF")]
    [InlineData("ED9FBF")]
    [InlineData("EFBFBF")]
    public void Text_is_taken(string hex) => Assert.True(Utf8String.IsValid(Convert.FromHexString(hex)));

    [Fact]
    public void Random_bytes_are_judged_as_by_the_framework() =>
        Gen.Byte.Array[0, 40].Sample(bytes => Assert.Equal(IsTextByTheFramework(bytes), Utf8String.IsValid(bytes)));

    [Fact]
    public void Text_with_one_wrong_byte_is_judged_as_by_the_framework() =>
        NearlyText.Sample(bytes => Assert.Equal(IsTextByTheFramework(bytes), Utf8String.IsValid(bytes)));

    private static byte[] Changed(byte[] bytes, int place, byte change)
    {
        if (place < bytes.Length)
        {
            bytes[place] = change;
        }

        return bytes;
    }

    private static bool IsTextByTheFramework(byte[] bytes)
    {
        try
        {
            return !Strict.GetString(bytes).Contains('\0', StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
