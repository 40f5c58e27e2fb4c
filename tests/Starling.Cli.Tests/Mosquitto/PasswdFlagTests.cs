namespace Starling.Cli.Tests.Mosquitto;

/// <summary>mosquitto_passwd.</summary>
public sealed class PasswdFlagTests(FlagFixture fixture) : MosquittoFlagTests(fixture, "passwd", All)
{
    private static readonly FlagRow[] All = [.. PasswdRows.All()];

    public static TheoryData<int, string> Rows() => Number(All);

    [Theory, MemberData(nameof(Rows))]
    public Task Starling_does_what_mosquitto_passwd_does(int row, string words) => CompareAsync(row, words);
}
