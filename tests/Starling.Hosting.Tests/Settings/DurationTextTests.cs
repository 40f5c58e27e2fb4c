using CsCheck;
using Starling.Hosting.Settings;

namespace Starling.Hosting.Tests.Settings;

public sealed class DurationTextTests
{
    [Fact]
    public void Whole_milliseconds_round_trip() => Gen.Long[0, 1L << 45].Sample(static milliseconds =>
    {
        TimeSpan duration = TimeSpan.FromMilliseconds(milliseconds);

        Assert.True(DurationText.TryParse(DurationText.Format(duration), out TimeSpan parsed));

        Assert.Equal(duration, parsed);
    });

    [Fact]
    public void Any_text_is_refused_or_is_not_negative() =>
        Gen.String[Gen.Char["0123456789msh d.-+e"], 0, 30].Sample(static text => !DurationText.TryParse(text, out TimeSpan duration) || duration >= TimeSpan.Zero);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("5M", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("30d", 2_592_000_000)]
    public void Number_and_unit_are_read(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));

        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("1 s")]
    [InlineData("1y")]
    [InlineData("99999999999999999999s")]
    [InlineData("9223372036854775807d")]
    public void Other_text_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));
}
