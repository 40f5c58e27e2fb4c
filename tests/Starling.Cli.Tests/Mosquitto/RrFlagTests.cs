namespace Starling.Cli.Tests.Mosquitto;

/// <summary>mosquitto_rr.</summary>
public sealed class RrFlagTests(FlagFixture fixture) : MosquittoFlagTests(fixture, "rr", All)
{
    private static readonly FlagRow[] All = [.. ConnectionRows.All().Where(static row => row.Tool == "rr").Concat(ToolRows.Rr())];

    public static TheoryData<int, string> Rows() => Number(All);

    [Theory, MemberData(nameof(Rows))]
    public Task Starling_does_what_mosquitto_rr_does(int row, string words) => CompareAsync(row, words);
}
