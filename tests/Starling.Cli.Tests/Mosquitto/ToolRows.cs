using System.Text;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>The rows of flags that one tool has alone, or that do different things in each.</summary>
internal static class ToolRows
{
    private const string Forgotten = "mosquitto_rr 2.0.11 reads the payload and sends none; ours sends it";

    private static readonly MqttMessage Rich = new()
    {
        Topic = "rich",
        Payload = "{\"a\": [1, 2.50, -3e30, true, null, \"x\\u00e9\\n\"], \"b\": {}}"u8.ToArray(),
        Qos = QualityOfService.AtLeastOnce,
        ContentType = "application/json",
        ResponseTopic = "answers/here",
        CorrelationData = "corr"u8.ToArray(),
        PayloadIsUtf8 = true,
        UserProperties = UserProperties.Create([new UserProperty("k", "v"), new UserProperty("k2", "v \"2\"")]),
    };

    public static IEnumerable<FlagRow> Pub() =>
    [
        Row("pub", "-t", "-t {t}/a -m hello"),
        Row("pub", "-t", "-t {t}/+ -m hello"),
        Row("pub", "-t", "-t '' -m hello -p 1"),
        Row("pub", "-t", "-m hello") with { Difference = "the text of the help is Starling's own", Differs = Differing.Output },
        Row("pub", "-t", "-t"),
        Row("pub", "-m", "-t {t}/a -m -h"),
        Row("pub", "-m", "-t {t}/a -m ''"),
        Row("pub", "-m", "-t {t}/a -m a -n"),
        Row("pub", "-m", "-t {t}/a -m"),
        Row("pub", "-f", "-t {t}/a -f {f}/payload -d"),
        Row("pub", "-f", "-t {t}/a -f {f}/nothing"),
        Row("pub", "-f", "-t {t}/a -f {f}"),
        Row("pub", "-f", "-t {t}/a -f {f}/nothing --quiet"),
        Row("pub", "-l", "-t {t}/a -l -q 1 -d") with { Input = "one" },
        Row("pub", "-l", "-t {t}/a -l") with { Input = "one\ntwo\n\nlast" },
        Row("pub", "-l", "-t {t}/a -l -q 2") with { Input = "one\n" },
        Row("pub", "-l", "-t {t}/a -l -q 1 -V 5") with { Input = "" },
        Row("pub", "-s", "-t {t}/a -s -q 1 -d") with { Input = "whole\ninput\n" },
        Row("pub", "-s", "-t {t}/a -s") with { Input = "" },
        Row("pub", "-n", "-t {t}/a -n -r -d"),
        Row("pub", "-r", "-t {t}/a -m x -r -q 1"),
        Row("pub", "-M", "-t {t}/a -l -M 1 -q 1") with { Input = "a\nb\nc\n" },
        Row("pub", "-M", "-t {t}/a -m x -M 0"),
        Row("pub", "--repeat", "-t {t}/a -m x --repeat 3 -d"),
        Row("pub", "--repeat", "-t {t}/a -n --repeat 2 -q 2 -V 5"),
        Row("pub", "--repeat", "-t {t}/a -m x --repeat 0"),
        Row("pub", "--repeat-delay", "-t {t}/a -m x --repeat 2 --repeat-delay 0.1"),
        Row("pub", "--repeat-delay", "-t {t}/a -m x --repeat-delay -1"),
        Row("pub", "-D", "-t {t}/a -m x --repeat 3 -D publish topic-alias 4"),
        Row("pub", "-D", "-t {t}/a -m x -D publish topic-alias 0"),
        Row("pub", "-D", "-t {t}/a -m x -D publish subscription-identifier 3"),
        Row("pub", "--property", "-t {t}/a -m x --property publish response-topic {t}/r --property publish user-property ä ö"),
    ];

    public static IEnumerable<FlagRow> Sub() =>
    [
        Row("sub", "-t", "-t {t}/a -t {t}/b -C 2 -v") with { Before = [Stored("a", "1"), Stored("b", "2")] },
        Row("sub", "-t", "-t {t}/a# -C 1"),
        Row("sub", "-t", "-v"),
        Row("sub", "-t", "-t {t}/+ -t {t}/a -C 1 -q 1") with { Feed = [Fresh("a", "one", 1)] },
        Row("sub", "-C", "-t {t}/# -C 2 -d") with { Feed = [Fresh("a", "1"), Fresh("b", "2")] },
        Row("sub", "-C", "-t {t}/# -C 1 -q 1 -d -V 5") with { Feed = [Fresh("a", "1", 1)] },
        Row("sub", "-C", "-t {t}/# -C 1 -q 2 -d") with { Feed = [Fresh("a", "1", 2)] },
        Row("sub", "-C", "-t {t}/a -C 0"),
        Row("sub", "-E", "-t {t}/a -E -d"),
        Row("sub", "-N", "-t {t}/a -C 1 -N") with { Before = [Stored("a", "x")] },
        Row("sub", "-N", "-t {t}/a -C 1 -N -v") with { Feed = [Fresh("a", "")] },
        Row("sub", "-v", "-t {t}/a -C 1 -v") with { Feed = [Fresh("a", "")] },
        Row("sub", "-v", "-t {t}/a -C 2 -v") with { Feed = [Fresh("a", ""), Fresh("a", "text")] },
        Row("sub", "-R", "-t {t}/a -R -C 1") with { Before = [Stored("a", "old")], Feed = [Fresh("a", "new")] },
        Row("sub", "-R", "-t {t}/a -R -C 1 -V 5") with { Before = [Stored("a", "old")], Feed = [Fresh("a", "new")] },
        Row("sub", "-R", "-t {t}/a -R --retained-only"),
        Row("sub", "-T", "-t {t}/# -T {t}/b -C 1 -v") with { Feed = [Fresh("b", "no"), Fresh("a", "yes")] },
        Row("sub", "-T", "-t {t}/a -T {t}/#/x"),
        Row("sub", "-U", "-t {t}/a -U {t}/b -U {t}/c -E -d -i {t}-me"),
        Row("sub", "-U", "-t {t}/a -U {t}/#/c"),
        Row("sub", "-W", "-t {t}/a -W 1 -V 5"),
        Row("sub", "-W", "-t {t}/a -W 0"),
        Row("sub", "--retained-only", "-t {t}/a --retained-only") with { Before = [Stored("a", "old")], Feed = [Fresh("a", "new")] },
        Row("sub", "--retain-as-published", "-t {t}/a --retain-as-published -V 5 -C 1 -F %r:%p") with { Feed = [Stored("a", "kept")] },
        Row("sub", "--remove-retained", "-t {t}/# --remove-retained -W 1 -q 1") with { Before = [Stored("a", "old")] },
        Row("sub", "--random-filter", "-t {t}/a -C 1 --random-filter 0"),
        Row("sub", "--random-filter", "-t {t}/a -C 1 --random-filter 1000") with { Before = [Stored("a", "x")] },
        Row("sub", "--pretty", "-t {t}/rich -C 1 -V 5 -F %J --pretty") with { HasTimes = true, Feed = [Rich] },
        .. Formats(),
    ];

    public static IEnumerable<FlagRow> Rr() =>
    [
        Row("rr", "-e", "-t {t}/a -m hi -e {t}/r -q 1 -d") with { Answer = [Fresh("r", "answer", 1)] },
        Row("rr", "-e", "-t {t}/a -m hi -e {t}/+"),
        Row("rr", "-e", "-t {t}/a -m hi"),
        Row("rr", "-t", "-e {t}/r -m hi"),
        Row("rr", "-m", "-t {t}/a -e {t}/r"),
        Row("rr", "-n", "-t {t}/a -e {t}/r -n") with { Answer = [Fresh("r", "answer")] },
        Row("rr", "-f", "-t {t}/a -e {t}/r -f {f}/payload") with { Answer = [Fresh("r", "answer")], Difference = Forgotten, Differs = Differing.Packets },
        Row("rr", "-s", "-t {t}/a -e {t}/r -s") with { Input = "from the input", Answer = [Fresh("r", "answer")], Difference = Forgotten, Differs = Differing.Packets },
        Row("rr", "-R", "-t {t}/a -e {t}/r -m x -R") with { Answer = [Fresh("r", "answer")] },
        Row("rr", "-v", "-t {t}/a -e {t}/r -m x -v") with { Answer = [Fresh("r", "answer")] },
        Row("rr", "-N", "-t {t}/a -e {t}/r -m x -N") with { Answer = [Fresh("r", "answer")] },
        Row("rr", "-F", "-t {t}/a -e {t}/r -m x -F %t:%p") with { Answer = [Fresh("r", "answer")] },
        Row("rr", "--pretty", "-t {t}/a -e {t}/r -m x -F %j --pretty") with { HasTimes = true, Answer = [Fresh("r", "answer")] },
        Row("rr", "-W", "-t {t}/a -e {t}/r -m x -W 1"),
        Row("rr", "-D", "-t {t}/a -e {t}/r -m x -D publish correlation-data 7 -d") with { Answer = [Fresh("r", "answer")] },
        Row("rr", "-D", "-t {t}/a -e {t}/r -m x -D publish response-topic other"),
        Row("rr", "-M", "-t {t}/a -e {t}/r -m x -M 5") with { Answer = [Fresh("r", "answer")] },
    ];

    private static IEnumerable<FlagRow> Formats()
    {
        string[] exact =
        [
            "%t|%p|%q|%r|%l|%m|%%", "%x|%X|%2x|%-6X|%06x", "%C|%D|%E|%F|%P|%R|%S|%A", "%20t|%-20t|%.3t|%20.3t|%-20.3t|%.0t",
            "%5l|%-5l|%05l|%5m", "%3p|%40p|%-40p|%040p", "%5F|%05F|%-5F|%5E|%5S|%05A|%10C|%-30C|%.4C|%20R", "@@ 100%%",
            "tab\\tnew\\nret\\rzero\\0bell\\aesc\\evert\\v\\\\", "plain",
        ];
        string[] wrong = ["%", "%5", "%z", "%-", "%.", "%5.", "@", "\\", "\\q", "%05.3", "%d", "%f"];
        string[] times = ["%I", "%30I|%-30I", "%U", "@Y-@m-@dT@H:@M:@S.@N@z", "@D @F @T @R @r @s @e @k @l @j @C @y @g @G", "@u @w @U @V @W @I", "%j", "%J"];
        string[] names = ["@a @A @b @B @h @p @P @Z @n@t@%", "@c", "@x @X @?"];
        return exact.Select(text => Format(text) with { Feed = [Rich] })
            .Concat(exact.Take(4).Select(text => Format(text, "-V 311") with { Feed = [Rich] }))
            .Concat(exact.Take(4).Select(text => Format(text) with { Feed = [Fresh("rich", "")] }))
            .Concat(wrong.Select(text => Format(text) with { Feed = [Rich] }))
            .Concat(times.Concat(names).Select(text => Format(text) with { HasTimes = true, Feed = [Rich] }))
            .Concat(times[^2..].Select(text => Format(text) with { HasTimes = true, Feed = [Fresh("rich", "")] }))
            .Append(Format("%j") with { HasTimes = true, Feed = [Fresh("rich", "a\tb\u0001\"c\\ö/")] })
            .Append(Format("%J") with { HasTimes = true, Feed = [Fresh("rich", "{not json")] })
            .Append(Format("%J") with { HasTimes = true, Feed = [Fresh("rich", " [1.0, 0.1, 1e2, 12345678901, 1e-7, -0.5, 3.0000000001]  ")] })
            .Append(Row("sub", "-F", "-F"));
    }

    private static FlagRow Format(string text, string version = "-V 5") =>
        Row("sub", "-F", $"-t {{t}}/rich -C 1 {version} -q 1 -F {text.Replace(' ', '·')}");

    private static FlagRow Row(string tool, string flag, string args) => new(tool, flag, $"-p {{p}} {args}");

    private static MqttMessage Stored(string topic, string payload) => Fresh(topic, payload) with { Retain = true };

    private static MqttMessage Fresh(string topic, string payload, int qos = 0) =>
        new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), Qos = (QualityOfService)qos };
}
