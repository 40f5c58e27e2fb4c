namespace Starling.Cli.Tests.Mosquitto;

/// <summary>One of mosquitto's tools and Starling by that name, flag by flag.</summary>
public abstract class MosquittoFlagTests : IClassFixture<FlagFixture>
{
    private readonly FlagFixture _fixture;
    private readonly string _tool;
    private readonly IReadOnlyList<FlagRow> _rows;

    private protected MosquittoFlagTests(FlagFixture fixture, string tool, IReadOnlyList<FlagRow> rows)
    {
        _fixture = fixture;
        _tool = tool;
        _rows = rows;
    }

    [Fact]
    public async Task Every_flag_of_the_installed_tool_has_a_row()
    {
        FlagComparison.SkipWithoutMosquitto(_tool);

        IReadOnlyList<string> flags = await FlagComparison.ReadHelpAsync(_tool, _fixture);

        Assert.NotEmpty(flags);
        Assert.Empty(flags.Except(_rows.Select(static row => row.Flag)));
    }

    /// <summary>The rows by number, with their words for the name of the test.</summary>
    private protected static TheoryData<int, string> Number(IReadOnlyList<FlagRow> rows)
    {
        TheoryData<int, string> numbered = [];
        for (int i = 0; i < rows.Count; i++)
        {
            numbered.Add(i, rows[i].ToString());
        }

        return numbered;
    }

    private protected async Task CompareAsync(int row, string words)
    {
        FlagComparison.SkipWithoutMosquitto(_tool);
        Assert.Equal(_rows[row].ToString(), words);

        await FlagComparison.CompareAsync(_rows[row], _fixture);
    }
}
