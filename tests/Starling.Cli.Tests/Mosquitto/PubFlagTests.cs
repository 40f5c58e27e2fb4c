namespace Starling.Cli.Tests.Mosquitto;

/// <summary>mosquitto_pub and Starling by that name, flag by flag.</summary>
public sealed class PubFlagTests(FlagFixture fixture) : IClassFixture<FlagFixture>
{
    private static readonly FlagRow[] All = [.. ConnectionRows.All().Where(static row => row.Tool == "pub").Concat(ToolRows.Pub())];

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
    public async Task Every_flag_of_mosquitto_pub_has_a_row()
    {
        FlagComparison.SkipWithoutMosquitto("pub");

        IReadOnlyList<string> flags = await FlagComparison.ReadHelpAsync("pub", fixture);

        Assert.NotEmpty(flags);
        Assert.Empty(flags.Except(All.Select(static row => row.Flag)));
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task Starling_does_what_mosquitto_pub_does(int row, string words)
    {
        FlagComparison.SkipWithoutMosquitto("pub");
        Assert.NotEmpty(words);

        await FlagComparison.CompareAsync(All[row], fixture);
    }
}
