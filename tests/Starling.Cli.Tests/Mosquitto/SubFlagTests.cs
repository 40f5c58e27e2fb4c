namespace Starling.Cli.Tests.Mosquitto;

/// <summary>mosquitto_sub and Starling by that name, flag by flag.</summary>
public sealed class SubFlagTests(FlagFixture fixture) : IClassFixture<FlagFixture>
{
    private static readonly FlagRow[] All = [.. ConnectionRows.All().Where(static row => row.Tool == "sub").Concat(ToolRows.Sub())];

    public static TheoryData<int, string> Rows()
    {
        TheoryData<int, string> rows = [];
        for (int i = 0; i < All.Length; i++)
        {
            rows.Add(i, All[i].ToString());
        }

        return rows;
    }

    [Fact]
    public async Task Every_flag_of_mosquitto_sub_has_a_row()
    {
        FlagComparison.SkipWithoutMosquitto("sub");

        IReadOnlyList<string> flags = await FlagComparison.ReadHelpAsync("sub", fixture);

        Assert.NotEmpty(flags);
        Assert.Empty(flags.Except(All.Select(static row => row.Flag)));
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task Starling_does_what_mosquitto_sub_does(int row, string words)
    {
        FlagComparison.SkipWithoutMosquitto("sub");
        Assert.NotEmpty(words);

        await FlagComparison.CompareAsync(All[row], fixture);
    }
}
