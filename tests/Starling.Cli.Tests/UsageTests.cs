using Starling.Server;

namespace Starling.Cli.Tests;

public sealed class UsageTests
{
    public static TheoryData<string, string> WrongUsage => new()
    {
        { "serve --bnd 127.0.0.1", "did you mean --bind?" },
        { "serve -p 65536", "-p 65536 is not allowed: a whole number from 0 to 65535" },
        { "serve --port", "--port" },
        { "serve --bind example", "--bind example is not allowed" },
        { "serve --set Loops", "--set Loops is not KEY=VALUE" },
        { "serve --config x.json", "--config is not supported" },
        { "serve now", "has no flag now" },
        { "pbu", "did you mean pub?" },
        { "bench pari", "did you mean pair?" },
        { "sub -t $share/g/a --group h", "$share/g/a is shared already" },
        { "rr -t a -e b -m x --latency --json", "--latency prints no responses" },
        { "pub -t a -m x -o flags.conf", "-o is not supported: flags are not read from a file" },
        { "pub -m x", "needs a topic" },
        { "pub -t a", "needs something to publish" },
        { "pub -t a -m x -n", "only one of" },
        { "pub -t a/# -m x", "not a Topic Name" },
        { "pub -t a -m x -q 3", "-q 3 is not allowed: a whole number from 0 to 2" },
        { "pub -t a -m x -V 4", "-V 4 is not allowed" },
        { "pub -t a -m x -p 0", "-p 0 is not allowed" },
        { "pub -t a -m x -k 65536", "-k 65536 is not allowed" },
        { "pub -t a -m x -x -2", "-x -2 is not allowed" },
        { "pub -t a -m x -c", "-i ID is needed" },
        { "pub -t a -m x --will-qos 1", "need --will-topic" },
        { "pub -t a -m x --will-topic w/+", "--will-topic w/+ is not a Topic Name" },
        { "pub -t a -m x --repeat 0", "--repeat 0 is not allowed" },
        { "pub -t a -m x --repeat-delay -1", "--repeat-delay -1 is not allowed" },
        { "pub -t a -m x -D publish nonsense 1", "-D publish nonsense 1 is not allowed" },
        { "pub -t a -m x -D publish user-property one", "NAME VALUE" },
        { "pub -t a -m x --cafile ca.pem", "--cafile ca.pem is not there" },
        { "pub -t a -m x --cert c.pem", "--cert and --key belong together" },
        { "pub -t a -m x --keyform engine", "the TLS of .NET has no engines" },
        { "pub -t a -m x --tls-engine e", "--tls-engine is not supported: the TLS of .NET has no engines" },
        { "pub -t a -m x --tls-version tlsv1.0", "--tls-version tlsv1.0 is not allowed: tlsv1.3, tlsv1.2" },
        { "pub -t a -m x --ciphers none-such", "--ciphers none-such is not known" },
        { "pub -t a -m x --proxy socks5h://h", "goes through a SOCKS proxy" },
        { "pub -t a -m x -A 127.0.0.1", "binds an address" },
        { "pub -t a -m x --unix /s --ws", "--unix goes without TLS and WebSocket" },
        { "pub -t a -m x -i a -I b", "-i and -I cannot go together" },
        { "pub -t a -m x --rate 0", "--rate 0 is not allowed" },
        { "pub -t a -m x --format xml", "--format xml is not allowed: text, hex, base64" },
        { "pub -t a -m x --psk 00", "--psk is not supported" },
        { "pub -t a -m x --quite", "did you mean --quiet?" },
        { "pub -t a -m x -L host", "-L host is not allowed" },
        { "pub -t a -m x --password-env NO_SUCH", "no such environment variable" },
        { "pub -t a -m x --password-file /no/such/file", "cannot be read" },
        { "pub -t a -l --repeat 2", "--repeat cannot go with -l" },
        { "pub -t a -m x -h localhost:1883", "-h localhost:1883 is not allowed" },
        { "pub -t a -m x -h mqtt://localhost", "a URL to -L" },
        { "pub -t a -m x -V 31 -i a-name-of-24-characters--", "1 to 23 characters in MQTT 3.1" },
        { "pub -t a -m x -V 311 -x 5", "-x needs MQTT 5" },
        { "pub -t a -m x -V 311 -D publish content-type text/plain", "-D needs MQTT 5" },
        { "pub -t a -m x -D publish response-topic a/#", "-D publish response-topic a/# is not a Topic Name" },
        { "sub", "needs a topic" },
        { "sub -t a#", "-t a# is not a Topic Filter" },
        { "sub -t $share/x", "is not a Topic Filter" },
        { "sub -t a -T +b", "-T +b is not a Topic Filter" },
        { "sub -t a -C 0", "-C 0 is not allowed" },
        { "sub -t a -W 0", "-W 0 is not allowed" },
        { "sub -t a -F %y", "-F %y is not allowed: Invalid format specifier 'y'" },
        { "sub -t a -F %p --json", "--json and -F cannot go together" },
        { "sub -t a --pretty", "--pretty goes with --json" },
        { "sub -t a --stats -v", "--stats prints no messages" },
        { "sub -t a -w", "-w needs a terminal" },
        { "sub -t a --random-filter 0", "--random-filter 0 is not allowed" },
        { "rr -t a -m x", "rr needs two topics" },
        { "rr -t a -e b", "rr needs one payload" },
        { "rr -t a -e b -m x -n", "rr needs one payload" },
        { "rr -t a -e b/# -m x", "-e b/# is not a Topic Name" },
        { "rr -t a -e b -m x -D publish response-topic c", "is what -e says here" },
        { "passwd", "passwd needs FILE USER here, and got 0 words" },
        { "passwd -c -D file user", "only one of -c, -D and -U" },
        { "passwd -b file user", "passwd needs FILE USER PASSWORD here, and got 2 words" },
        { "passwd -b file a:b secret", "a name has no :" },
        { "passwd -H md5 file user", "-H md5 is not allowed: sha512-pbkdf2, sha512" },
        { "sub -t a --group g/h", "--group g/h is not allowed" },
        { "sub -t a --group g -V 311", "need MQTT 5" },
        { "sub -t a --retain-handling 3", "--retain-handling 3 is not allowed" },
        { "conform --id MQTT-3.12.4-11", "did you mean MQTT-3.12.4-1?" },
        { "conform --id MQTT-2.3.1-1", "did you mean MQTT311-2.3.1-1?" },
        { "conform --id nonsense", "for example --id MQTT-3.3.1-2" },
        { "conform -V 5 --id MQTT311-3.12.4-1", "another version than -V" },
        { "conform --section 9.9", "--section 9.9 has no statements" },
        { "conform -V 31 --section 3.3", "--section 3.3 has no statements" },
        { "conform -V 4", "-V 4 is not allowed" },
        { "conform -i meter-7", "-i is not supported: every case connects in its own way" },
        { "conform -L mqtts://host", "asks for TLS, which is not supported yet" },
        { "conform -L wss://host", "asks for TLS, which is not supported yet" },
        { "conform --cafile ca.pem", "--cafile is not supported: bench and conform open connections of their own, without TLS." },
        { "conform -L mqtts://me:secret@host", "-L mqtts://…@host asks for TLS" },
        { "conform --json r.x --html ./r.x", "--json and --html are the same file, /" },
        { "conform -L host", "-L host is not allowed: mqtt://" },
        { "conform -L mqtt://host/topic", "-L has a topic, topic" },
        { "conform --compare host", "--compare host is not allowed" },
        { "conform --compare mqtt://host/topic", "--compare has a topic, topic" },
        { "conform -P secret", "-P needs -u in MQTT 3.1 and 3.1.1" },
        { "conform --jason x", "did you mean --json?" },
        { "bench frobnicate", "there is no command bench frobnicate; `starling bench` alone lists them." },
        { "bench par", "did you mean pair?" },
        { "bench pair --clents 3", "bench pair has no flag --clents; did you mean --clients?" },
        { "bench pair --publishers 3", "bench pair has no flag --publishers" },
        { "bench conn --size 64", "bench conn has no flag --size" },
        { "bench pair --clients 0", "--clients 0 is not allowed: a whole number from 1 to 1000000" },
        { "bench pair --size 23", "--size 23 is not allowed: 24 to 268435456 bytes" },
        { "bench pair --rate 0", "--rate 0 is not allowed: more than 0 a second" },
        { "bench pair --rate 10 --window 5", "--window cannot go with --rate" },
        { "bench pair --duration soon", "--duration soon is not allowed: a time such as 500ms, 10s or 2m" },
        { "bench pair --duration 0", "--duration 0 is not allowed" },
        { "bench pair --duration 8d", "--duration 8d is not allowed" },
        { "bench pair --topics bench", "each client needs a topic of its own. For example --topics bench/%i." },
        { "bench pair --topics a/#/%i", "--topics a/#/0 is not a Topic Name" },
        { "bench retain --topics a/%i", "each retained message needs a topic of its own" },
        { "bench sub --topics a#", "is not a Topic Filter" },
        { "bench share -V 311", "bench share needs MQTT 5" },
        { "bench offline -q 0", "-q 0 is not allowed: a server keeps only QoS 1 and 2" },
        { "bench conn --rate 5 --ramp 2s", "only one of --rate and --ramp" },
        { "bench pair -q 3", "-q 3 is not allowed" },
        { "bench pair -V 31 --id a-prefix-of-22-characters", "the most in MQTT 3.1" },
        { "bench pair -t a", "-t is not supported: the topics are --topics here." },
        { "bench pair -c", "-c is not supported: the scenario decides" },
        { "bench pair --cafile x", "--cafile is not supported: bench and conform open connections of their own, without TLS." },
        { "bench pair -L mqtt://host/topic", "-L has a topic, topic, which goes to --topics here." },
        { "bench pair --broker-pid 2147483647", "--broker-pid 2147483647: there is no such process on this machine" },
        { "bench pair --json /no/such/folder/x", "--json /no/such/folder/x cannot be written: there is no directory" },
        { "bench pair --compare /no/such/file", "--compare /no/such/file cannot be read" },
        { "bench pair --compare /dev/null", "--compare /dev/null cannot be read: it is not a result of starling bench" },
        { "bench pair --tolerance 5", "--tolerance needs --compare FILE." },
        { "bench pair --output xml", "--output xml is not allowed: text, json" },
        { "bench pair --loops 0", "--loops 0 is not allowed" },
        { "store frobnicate", "there is no command store frobnicate; `starling store` alone lists them." },
        { "store verfy", "did you mean verify?" },
        { "store verify", "neither STARLING_DATA nor HOME is set. Name one with --data DIR." },
        { "store verify /data", "store verify has no flag /data and takes no other words" },
        { "store info --daat /data", "store info has no flag --daat; did you mean --data?" },
        { "store export a b --data /data", "store export takes one word, so there is no place for b" },
        { "store export --data /data /no/such/folder/file", "/no/such/folder/file cannot be written: there is no directory" },
        { "store import --data /data /no/such/file", "/no/such/file cannot be read" },
        { "store verify --data /data --progress fast", "--progress fast is not allowed: auto, live, plain, none" },
        { "backup --data /data", "backup needs a directory to write" },
        { "backup --data /data --dtaa x", "backup has no flag --dtaa; did you mean --data?" },
        { "backup --data /data -x", "backup has no flag -x. See starling backup --help." },
        { "backup /a /b --data /data", "backup takes one word, so there is no place for /b" },
        { "restore --data /data", "restore needs the directory of a backup" },
        { "serve --data", "--data" },
    };

    public static TheoryData<string, string> WrongSettings => new()
    {
        { "serve --check --memory 1MiB", "Memory:Budget=1MiB is not allowed" },
        { "serve --check --loops 0", "Loops=0 is not allowed" },
        { "serve --check --set Limits:RecieveMaximum=1", "did you mean Limits:ReceiveMaximum?" },
        { "serve --check", "DataDirectory is missing, and Durability=fsync keeps" },
        { "serve --check --set Durability=os", "DataDirectory is missing, and Durability=os keeps" },
        { "serve --check --set Storage:SegmentBytes=1GiB --set Durability=memory", "Storage:SegmentBytes=1GiB is not allowed" },
        { "serve --check --bind * --data /data", "AllowAnonymous=true" },
    };

    [Theory, MemberData(nameof(WrongUsage))]
    public async Task Wrong_usage_is_3_and_one_line_that_says_what(string commandLine, string said)
    {
        CliRun run = await CliRun.RunAsync(commandLine.Split(' '));

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("starling: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("-i")]
    [InlineData("-u")]
    [InlineData("-P")]
    [InlineData("-D", "publish", "content-type")]
    [InlineData("-D", "publish", "user-property", "name")]
    [InlineData("--will-topic", "w", "--will-payload")]
    public async Task Text_that_no_packet_can_carry_is_refused(params string[] flag)
    {
        CliRun run = await CliRun.RunAsync(["pub", "-t", "a", "-m", "x", .. flag, new string('x', 65_536)]);

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.EndsWith("is too long: MQTT allows 65535 bytes.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_host_is_refused()
    {
        CliRun run = await CliRun.RunAsync("pub", "-t", "a", "-m", "x", "-h", "");

        Assert.Equal(ExitCode.Usage, run.Code);
    }

    [Theory]
    [InlineData("my_broker")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    public async Task Hosts_of_every_kind_are_accepted(string host)
    {
        CliRun run = await CliRun.RunAsync("pub", "-t", "a", "-m", "x", "-h", host, "-p", "1", "--quiet");

        Assert.Equal(ExitCode.CannotConnect, run.Code);
    }

    [Fact, Statement("MQTT311-3.1.2-22")]
    public async Task Password_without_user_name_is_refused_before_5_0()
    {
        CliRun run = await CliRun.RunAsync("pub", "-t", "a", "-m", "x", "-V", "311", "-P", "secret");

        Assert.Equal((ExitCode.Usage, "starling: -P needs -u in MQTT 3.1 and 3.1.1.\n"), (run.Code, run.Error));
    }

    [Fact]
    public async Task Password_that_nobody_can_be_asked_for_is_refused()
    {
        CliRun run = await CliRun.RunAsync("pub", "-t", "a", "-m", "x", "-P", "-");

        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("starling: -P - asks for a password, and the standard input has ended", run.Error, StringComparison.Ordinal);
    }

    [Fact, Statement("MQTT-3.8.3-4")]
    public async Task No_Local_is_refused_on_a_shared_subscription()
    {
        CliRun run = await CliRun.RunAsync("sub", "-t", "a", "--group", "g", "--no-local");

        Assert.Equal((ExitCode.Usage, "starling: --no-local cannot go with --group.\n"), (run.Code, run.Error));
    }

    [Theory, MemberData(nameof(WrongSettings))]
    public async Task Wrong_setting_is_26_and_one_line_that_says_what(string commandLine, string said)
    {
        CliRun run = await CliRun.RunAsync(commandLine.Split(' '));

        Assert.Equal(ServerExitCode.Configuration, run.Code);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Check_prints_every_setting_when_asked()
    {
        CliRun run = await CliRun.RunAsync("serve", "--check", "-v", "--set", "Limits:ReceiveMaximum=7", "--data", "/no/such/place");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("DataDirectory=/no/such/place\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("Limits:ReceiveMaximum=7\n", run.Output, StringComparison.Ordinal);
    }
}
