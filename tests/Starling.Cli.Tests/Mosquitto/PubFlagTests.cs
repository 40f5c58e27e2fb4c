namespace Starling.Cli.Tests.Mosquitto;

/// <summary>mosquitto_pub.</summary>
public sealed class PubFlagTests(FlagFixture fixture) : MosquittoFlagTests(fixture, "pub", All)
{
    private static readonly FlagRow[] All = [.. ConnectionRows.All().Where(static row => row.Tool == "pub").Concat(ToolRows.Pub())];

    public static TheoryData<int, string> Rows() => Number(All);

    [Theory, MemberData(nameof(Rows))]
    public Task Starling_does_what_mosquitto_pub_does(int row, string words) => CompareAsync(row, words);
}
