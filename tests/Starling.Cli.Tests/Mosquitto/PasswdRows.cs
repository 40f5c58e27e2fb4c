namespace Starling.Cli.Tests.Mosquitto;

/// <summary>The rows of mosquitto_passwd. {f}/users has a user "old"; {f}/plain has passwords in plain text.</summary>
internal static class PasswdRows
{
    public static IEnumerable<FlagRow> All() =>
    [
        Row("-b", "-b {f}/users new secret"),
        Row("-b", "-b {f}/users old other"),
        Row("-b", "-b {f}/users new") with { Difference = "the text of the help is Starling's own", Differs = Differing.Output },
        Row("-b", "-b {f}/nothing new secret"),
        Row("-b", "-b {f}/users a:b secret"),
        Row("-b", "-b {f}/broken new secret") with { Difference = "mosquitto drops a line that is no entry; ours keeps it", Differs = Differing.File },
        Row("-c", "-c -b {f}/made new secret"),
        Row("-c", "-c -b {f}/users new secret"),
        Row("-c", "-c"),
        Row("-c", "-c -b {f}/made"),
        Row("-c", "-c -b {f}/no/folder new secret"),
        Row("-c", "-c {f}/made new") with { Input = "secret\nsecret\n" },
        Row("-c", "-c {f}/made new") with { Input = "secret\nother\n" },
        Row("-c", "-c {f}/made new") with { Input = "" },
        Row("-D", "-D {f}/users old"),
        Row("-D", "-D {f}/users nobody"),
        Row("-D", "-D {f}/users"),
        Row("-D", "-c -D {f}/users old"),
        Row("-D", "-b -D {f}/users old"),
        Row("-H", "-H sha512 -b {f}/users new secret"),
        Row("-H", "-H sha512-pbkdf2 -b {f}/users new secret"),
        Row("-H", "-H md5 -b {f}/users new secret"),
        Row("-H", "-H"),
        Row("-U", "-U {f}/plain"),
        Row("-U", "-U {f}/users"),
        Row("-U", "-U"),
        Row("-U", "-c -U {f}/users"),
        Row("-x", "-x") with { Difference = "the text of the help is Starling's own", Differs = Differing.Output },
    ];

    private static FlagRow Row(string flag, string args) => new("passwd", flag, args);
}
