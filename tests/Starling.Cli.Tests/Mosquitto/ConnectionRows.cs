using System.Text;
using Starling.Client;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>The rows of flags that pub, sub and rr have in common.</summary>
internal static class ConnectionRows
{
    private const string Handshake = "mosquitto ends with 1 or with 8, as the failure comes while it connects or a moment later; ours with 8";
    private const string NoKeys = "the TLS of .NET has no pre-shared keys";
    private const string NoEngines = "the TLS of .NET has no engines: the key file cannot be one";

    // What a tool does beside the flag that is shown.
    private static readonly (string Tool, string Words)[] Bases =
    [
        ("pub", "-t {t}/a -m hi"), ("sub", "-t {t}/a -C 1"), ("rr", "-t {t}/a -m hi -e {t}/r"),
    ];

    public static IEnumerable<FlagRow> All() => Bases.SelectMany(static known => Plain().Concat(Secure()).Select(row => row with
    {
        Tool = known.Tool,
        Args = row.Args.StartsWith('=') ? row.Args[1..] : row.Proxy == ProxyKind.Unix ? $"{known.Words} {row.Args}" : $"-p {{p}} {known.Words} {row.Args}",
        Varies = known.Tool == "rr" && row.Args.StartsWith("-d -q 2", StringComparison.Ordinal) ? "the answer may come before PUBCOMP" : row.Varies,
        Differs = known.Tool == "rr" && row.Args.StartsWith("-d -q 2", StringComparison.Ordinal) ? Differing.Output
            : known.Tool == "pub" && row.Differs.HasFlag(Differing.Output | Differing.Packets) ? row.Differs & ~Differing.Output : row.Differs,
        Before = known.Tool == "sub" ? [Message("a", "stored", retain: true)] : [],
        Answer = known.Tool == "rr" ? [Message("r", "answer")] : [],
    }));

    private static IEnumerable<FlagRow> Plain() =>
    [
        Row("-A", "-A 127.0.0.1"),
        Row("-A", "-A no.such.name.invalid"),
        Row("-c", "-c -i {t}-kept"),
        Row("-c", "-c"),
        Row("-c", "-c -V 5 -i {t}-kept5"),
        Row("-d", "-d"),
        Row("-d", "-d -V 5"),
        Row("-d", "-d -q 1"),
        Row("-d", "-d -q 2 -i {t}-me"),
        Row("-h", "-h 127.0.0.1"),
        Row("-h", "-h no.such.name.invalid"),
        Row("-i", "-i {t}-id"),
        Row("-i", "-i ''"),
        Row("-i", "-i"),
        Row("-I", "-I prefix-"),
        Row("-I", "-I prefix- -i x"),
        Row("-k", "-k 7"),
        Row("-k", "-k 4"),
        Row("-k", "-k 70000"),
        Row("-L", "=-L mqtt://me:secret@localhost:{p}/{t}/a -m hi -e {t}/r"),
        Row("-L", "-L http://localhost/a"),
        Row("-L", "-L mqtt://localhost"),
        Row("-p", "-p 1"),
        Row("-p", "-p 99999"),
        Row("-p", "-p 0"),
        Row("-P", "-u me -P secret"),
        Row("-P", "-P secret"),
        Row("-P", "-P secret -V 5"),
        Row("-q", "-q 1"),
        Row("-q", "-q 2"),
        Row("-q", "-q 3"),
        Row("-u", "-u me"),
        Row("-V", "-V mqttv31"),
        Row("-V", "-V mqttv311"),
        Row("-V", "-V mqttv5"),
        Row("-V", "-V 31 -d") with { HasTimes = true, Difference = "the client identifier is random", Differs = Differing.Output },
        Row("-V", "-V 6"),
        Row("-V", "-V"),
        Row("-x", "-x 30 -V 5"),
        Row("-x", "-x -1 -V 5 -i {t}-x"),
        Row("-x", "-x ∞ -V 5 -i {t}-x"),
        Row("-x", "-x ∞ -V 5"),
        Row("-x", "-x 0x10 -V 5"),
        Row("-x", "-x many"),
        Row("-x", "-x 4294967296"),
        Row("-D", "-D connect user-property a b -D connect receive-maximum 7 -D connect maximum-packet-size 1000"),
        Row("-D", "-D connect session-expiry-interval 9 -D connect request-response-information 1 -D connect request-problem-information 0"),
        Row("-D", "-D connect topic-alias-maximum 5"),
        Row("-D", "-D publish user-property a b -D publish content-type text -D publish payload-format-indicator 1"),
        Row("-D", "-D publish message-expiry-interval 60 -D publish correlation-data xyz"),
        Row("-D", "-D subscribe subscription-identifier 5 -D subscribe user-property c d"),
        Row("-D", "-D unsubscribe user-property c d"),
        Row("-D", "-D disconnect reason-string bye -D disconnect user-property c d"),
        Row("-D", "-D will will-delay-interval 5 -D will content-type w --will-topic {t}/w --will-payload gone"),
        Row("-D", "-D connect receive-maximum 0"),
        Row("-D", "-D connect receive-maximum 1 -D connect receive-maximum 2"),
        Row("-D", "-D connect receive-maximum 70000"),
        Row("-D", "-D connect content-type x"),
        Row("-D", "-D connect no-such x"),
        Row("-D", "-D nobody user-property a b"),
        Row("-D", "-D puback reason-string x"),
        Row("-D", "-D connect user-property a"),
        Row("-D", "-D"),
        Row("--help", "--help") with
        {
            Difference = "the text of the help is Starling's own", Differs = Differing.Output,
        },
        Row("--version", "--version"),
        Row("--nodelay", "--nodelay"),
        Row("--no-such-flag", "--no-such-flag"),
        Row("--quiet", "--quiet -p 1"),
        Row("--quiet", "--quiet -q 7"),
        Row("--will-topic", "--will-topic {t}/will"),
        Row("--will-topic", "--will-topic {t}/#"),
        Row("--will-payload", "--will-topic {t}/will --will-payload gone"),
        Row("--will-payload", "--will-payload gone"),
        Row("--will-qos", "--will-topic {t}/will --will-qos 2"),
        Row("--will-qos", "--will-topic {t}/will --will-qos 4"),
        Row("--will-retain", "--will-topic {t}/will --will-retain"),
        Row("--will-retain", "--will-retain"),
        Row("--unix", "--unix {u}") with { Proxy = ProxyKind.Unix },
        Row("--unix", "--unix {f}/nobody"),
        Row("--proxy", "--proxy socks5h://localhost:{p} -p 1888 -h broker.example") with { Proxy = ProxyKind.Socks },
        Row("--proxy", "--proxy socks5h://user:pass@localhost:{p} -p 1888 -h broker.example") with { Proxy = ProxyKind.Socks },
        Row("--proxy", "--proxy http://localhost"),
        Row("--proxy", "--proxy socks5h://"),
        Row("--proxy", "--proxy socks5h://localhost:0"),
        Row("--proxy", "--proxy socks5h://localhost:1"),
    ];

    private static IEnumerable<FlagRow> Secure() =>
    [
        Row("--cafile", "--cafile {f}/ca.pem -h localhost") with { Proxy = ProxyKind.Tls },
        Row("--cafile", "--cafile {f}/other.pem -h localhost") with { Proxy = ProxyKind.Tls, Varies = Handshake, Differs = Differing.Code | Differing.Error },
        Row("--cafile", "--cafile {f}/nothing.pem"),
        Row("--cafile", "--cafile"),
        Row("--capath", "--capath {f}/authorities -h localhost") with
        {
            Proxy = ProxyKind.Tls,
            Difference = "OpenSSL takes only files that are named by their hash; ours takes every file of the folder",
            Differs = Differing.Code | Differing.Output | Differing.Error | Differing.Packets,
        },
        Row("--capath", "--capath"),
        Row("--cert", "--cafile {f}/ca.pem -h localhost --cert {f}/client.pem --key {f}/client.key") with { Proxy = ProxyKind.Tls },
        Row("--cert", "--cert {f}/client.pem"),
        Row("--key", "--cafile {f}/ca.pem --cert {f}/client.pem --key {f}/nothing.key -h localhost"),
        Row("--key", "--key {f}/client.key"),
        Row("--keyform", "--cafile {f}/ca.pem -h localhost --cert {f}/client.pem --key {f}/client.key --keyform pem") with { Proxy = ProxyKind.Tls },
        Row("--keyform", "--keyform pem"),
        Row("--keyform", "--keyform no --cert a --key b"),
        Row("--keyform", "--keyform engine --cert a --key b -p 1") with { Difference = NoEngines, Differs = Differing.Error },
        Row("--ciphers", "--cafile {f}/ca.pem -h localhost --ciphers ECDHE-ECDSA-AES256-GCM-SHA384 --tls-version tlsv1.2") with { Proxy = ProxyKind.Tls },
        Row("--ciphers", "--cafile {f}/ca.pem -h localhost --ciphers no-such-cipher") with
        {
            Proxy = ProxyKind.Tls, Varies = Handshake, Differs = Differing.Code | Differing.Error,
        },
        Row("--tls-version", "--cafile {f}/ca.pem -h localhost --tls-version tlsv1.3") with { Proxy = ProxyKind.Tls },
        Row("--tls-version", "--cafile {f}/ca.pem -h localhost --tls-version tlsv1.2") with { Proxy = ProxyKind.Tls },
        Row("--tls-version", "--tls-version tlsv9"),
        Row("--tls-alpn", "--cafile {f}/ca.pem -h localhost --tls-alpn mqtt") with { Proxy = ProxyKind.Tls },
        Row("--tls-alpn", "--tls-alpn"),
        Row("--insecure", "--cafile {f}/ca.pem -h 127.0.0.2 --insecure") with { Proxy = ProxyKind.Tls },
        Row("--insecure", "--cafile {f}/ca.pem -h 127.0.0.1") with { Proxy = ProxyKind.Tls, Varies = Handshake, Differs = Differing.Code | Differing.Error },
        Row("--tls-use-os-certs", "--tls-use-os-certs -h localhost") with { Proxy = ProxyKind.Tls, Varies = Handshake, Differs = Differing.Code | Differing.Error },
        Row("--tls-engine", "--tls-engine no-such-engine"),
        Row("--tls-engine", "--tls-engine"),
        Row("--tls-engine-kpass-sha1", "--tls-engine-kpass-sha1 00"),
        Row("--psk", "--psk 1234"),
        Row("--psk", "--psk xyz --psk-identity me") with { Difference = NoKeys, Differs = Differing.Error },
        Row("--psk-identity", "--psk 1234 --psk-identity me -p 1") with { Difference = NoKeys, Differs = Differing.Error },
        Row("--psk-identity", "--psk-identity"),
    ];

    private static FlagRow Row(string flag, string args) => new("", flag, args);

    private static MqttMessage Message(string topic, string payload, bool retain = false) =>
        new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(payload), Retain = retain };
}
