using static Starling.Cli.Mosquitto.MosquittoTool;

namespace Starling.Cli.Mosquitto;

/// <summary>All flags of mosquitto_pub, mosquitto_sub and mosquitto_rr 2.0.11, except -D, --help and --version.</summary>
internal static class MosquittoFlags
{
    public static MosquittoFlag[] All { get; } = [.. Connection(), .. Security(), .. Will(), .. Publishing(), .. Subscribing(), .. Output()];

    private static MosquittoFlag[] Connection() =>
    [
        Value("-A", Talking, "no address specified", (s, v) => s.BindAddress = v),
        Switch("-c", "--disable-clean-session", Talking, s => s.CleanSession = false),
        Switch("-d", "--debug", Talking, s => s.IsDebug = true),
        Value("-h", "--host", Talking, "no host specified", (s, v) => s.Host = v),
        Checked("-i", "--id", Talking, "no id specified", MosquittoValues.TakeIdentifier),
        Checked("-I", "--id-prefix", Talking, "no id prefix specified", MosquittoValues.TakePrefix),
        Checked("-k", "--keepalive", Talking, "no keepalive specified", MosquittoValues.TakeKeepAlive),
        Checked("-L", "--url", Talking, "no URL specified", MosquittoUrl.Take),
        Switch("--nodelay", "--nodelay", Talking, s => s.NoDelay = true),
        Checked("-p", "--port", Talking, "no port specified", MosquittoValues.TakePort),
        Value("-P", "--pw", Talking, "no password specified", (s, v) => s.Password = v),
        Checked("--proxy", "--proxy", Talking, "no proxy url specified", MosquittoValues.TakeProxy),
        Switch("--quiet", "--quiet", Talking, s => s.IsQuiet = true),
        Value("-u", "--username", Talking, "no username specified", (s, v) => s.UserName = v),
        Value("--unix", "--unix", Talking, "no socket path specified", (s, v) => s.UnixPath = v),
        Checked("-V", "--protocol-version", Talking, "no version specified", MosquittoValues.TakeVersion),
        Checked("-x", "-x", Talking, "no session expiry interval specified", MosquittoValues.TakeExpiry),
    ];

    private static MosquittoFlag[] Security() =>
    [
        Value("--cafile", Talking, "no file specified", (s, v) => s.Tls.CaFile = v),
        Value("--capath", Talking, "no directory specified", (s, v) => s.Tls.CaPath = v),
        Value("--cert", Talking, "no file specified", (s, v) => s.Tls.CertFile = v),
        Value("--ciphers", Talking, "no ciphers specified", (s, v) => s.Tls.Ciphers = v),
        Switch("--insecure", "--insecure", Talking, s => s.Tls.IsInsecure = true),
        Value("--key", Talking, "no file specified", (s, v) => s.Tls.KeyFile = v),
        Value("--keyform", Talking, "no keyform specified", (s, v) => s.Tls.KeyForm = v),
        Value("--psk", Talking, "no key specified", (s, v) => s.Tls.PreSharedKey = v),
        Value("--psk-identity", Talking, "no identity specified", (s, v) => s.Tls.PreSharedKeyIdentity = v),
        Value("--tls-alpn", Talking, "no protocol specified", (s, v) => s.Tls.Alpn = v),
        Value("--tls-engine", Talking, "no engine_id specified", (s, v) => s.Tls.Engine = v),
        Value("--tls-engine-kpass-sha1", Talking, "no kpass sha1 specified", (s, v) => s.Tls.EnginePasswordSha1 = v),
        Switch("--tls-use-os-certs", "--tls-use-os-certs", Talking, s => s.Tls.UsesSystemAuthorities = true),
        Value("--tls-version", Talking, "no version specified", (s, v) => s.Tls.Version = v),
    ];

    private static MosquittoFlag[] Will() =>
    [
        Value("--will-payload", Talking, "no will payload specified", (s, v) => s.WillPayload = v),
        Checked("--will-qos", "--will-qos", Talking, "no will QoS specified", MosquittoValues.TakeWillQos),
        Switch("--will-retain", "--will-retain", Talking, s => s.WillRetain = true),
        Checked("--will-topic", "--will-topic", Talking, "no will topic specified", MosquittoValues.TakeWillTopic),
    ];

    private static MosquittoFlag[] Publishing() =>
    [
        Source("-f", "--file", Pub | Rr, "no file specified", MosquittoSource.File),
        Source("-l", "--stdin-line", Pub, null, MosquittoSource.Lines),
        Source("-m", "--message", Pub | Rr, "no message specified", MosquittoSource.Text),
        Source("-n", "--null-message", Pub | Rr, null, MosquittoSource.Empty),
        Source("-s", "--stdin-file", Pub | Rr, null, MosquittoSource.Input),
        Checked("-M", "-M", Talking, "max_inflight not specified", MosquittoValues.TakeInFlight),
        Checked("-q", "--qos", Talking, "no QoS specified", MosquittoValues.TakeQos),
        Switch("-r", "--retain", Pub, s => s.Retain = true),
        Checked("--repeat", "--repeat", Pub, "no count specified", MosquittoValues.TakeRepetitions),
        Checked("--repeat-delay", "--repeat-delay", Pub, "no time specified", MosquittoValues.TakeRepeatDelay),
        Checked("-t", "--topic", Talking, "no topic specified", static (s, v) => MosquittoValues.TakeTopic(s, v, "-t")),
        Checked("-e", "-e", Rr, "no response topic specified", MosquittoValues.TakeResponseTopic),
    ];

    private static MosquittoFlag[] Subscribing() =>
    [
        Checked("-C", "-C", Sub, "no count specified", MosquittoValues.TakeCount),
        Switch("-E", "-E", Sub, s => s.EndsSubscribed = true),
        Switch("-R", "-R", Sub | Rr, s => s.IsFreshOnly = true),
        Switch("--retain-as-published", "--retain-as-published", Sub | Rr, s => s.RetainAsPublished = true),
        Switch("--retained-only", "--retained-only", Sub, s => s.IsRetainedOnly = true),
        Switch("--remove-retained", "--remove-retained", Sub, s => s.RemovesRetained = true),
        Checked("--random-filter", "--random-filter", Sub, "no chance specified", MosquittoValues.TakeRandomFilter),
        Checked("-T", "--filter-out", Sub, "no topic filter specified", MosquittoValues.TakeLeftOut),
        Checked("-U", "--unsubscribe", Sub, "no unsubscribe topic specified", MosquittoValues.TakeUnsubscribed),
        Checked("-W", "-W", Sub | Rr, "no timeout specified", MosquittoValues.TakeTimeout),
    ];

    private static MosquittoFlag[] Output() =>
    [
        Checked("-F", "-F", Sub | Rr, "no format specified", MosquittoValues.TakeFormat),
        Switch("-N", "-N", Sub | Rr, s => s.HasLineEnd = false),
        Switch("--pretty", "--pretty", Sub | Rr, s => s.IsPretty = true),
        Switch("-v", "--verbose", Sub | Rr, s => s.IsVerbose = true),
    ];

    private static MosquittoFlag Value(string name, MosquittoTool tools, string lacking, Action<MosquittoSettings, string> take) =>
        Value(name, name, tools, lacking, take);

    private static MosquittoFlag Value(
        string name, string alias, MosquittoTool tools, string lacking, Action<MosquittoSettings, string> take) =>
        Checked(name, alias, tools, lacking, (settings, value) =>
        {
            take(settings, value);
            return null;
        });

    private static MosquittoFlag Checked(string name, string alias, MosquittoTool tools, string lacking, TakeValue take) =>
        new(name, alias, tools, lacking, take);

    private static MosquittoFlag Switch(string name, string alias, MosquittoTool tools, Action<MosquittoSettings> take) =>
        new(name, alias, tools, null, (settings, _) =>
        {
            take(settings);
            return null;
        });

    private static MosquittoFlag Source(string name, string alias, MosquittoTool tools, string? lacking, MosquittoSource source) =>
        new(name, alias, tools, lacking, (settings, value) =>
        {
            settings.Source = source;
            settings.Text = value;
            return null;
        });
}
