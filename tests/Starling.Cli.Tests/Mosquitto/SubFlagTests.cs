namespace Starling.Cli.Tests.Mosquitto;

/// <summary>mosquitto_sub.</summary>
public sealed class SubFlagTests(FlagFixture fixture) : MosquittoFlagTests(fixture, "sub", All)
{
    private static readonly FlagRow[] All = [.. ConnectionRows.All().Where(static row => row.Tool == "sub").Concat(ToolRows.Sub())];

    public static TheoryData<int, string> Rows() => Number(All);

    [Theory, MemberData(nameof(Rows))]
    public Task Starling_does_what_mosquitto_sub_does(int row, string words) => CompareAsync(row, words);
}
