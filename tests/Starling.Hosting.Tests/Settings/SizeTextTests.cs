using CsCheck;
using Starling.Hosting.Settings;

namespace Starling.Hosting.Tests.Settings;

public sealed class SizeTextTests
{
    [Fact]
    public void Every_size_round_trips() => Gen.Long[0, long.MaxValue].Sample(static bytes =>
    {
        Assert.True(SizeText.TryParse(SizeText.Format(bytes), out long parsed));

        Assert.Equal(bytes, parsed);
    });

    [Fact]
    public void Any_text_is_refused_or_is_not_negative() =>
        Gen.String[Gen.Char["0123456789KMGTiB .-+"], 0, 30].Sample(static text => !SizeText.TryParse(text, out long bytes) || bytes >= 0);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("65536", 65_536)]
    [InlineData("7B", 7)]
    [InlineData("64kib", 65_536)]
    [InlineData("2MiB", 2_097_152)]
    [InlineData("1GiB", 1_073_741_824)]
    public void Number_and_unit_are_read(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out long parsed));

        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("64MB")]
    [InlineData("64 MiB")]
    [InlineData("9223372036854775808")]
    [InlineData("9223372036854775807KiB")]
    public void Other_text_is_refused(string text) => Assert.False(SizeText.TryParse(text, out _));
}
