using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Output;
using Starling.Conformance.Specification;
using Starling.Hosting.Settings;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary>The flags of <c>conform</c>.</summary>
internal sealed class ConformFlags
{
    /// <summary>Flags that other commands take, and why this one does not.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unsupported = UnsupportedFlags();

    private const string UrlForm = "mqtt://[user[:password]@]host[:port] or ws://[user[:password]@]host[:port][/path]";

    private readonly Option<string> _url = FlagKinds.Value(
        "--url", "URL", $"The broker to test: {UrlForm}. Default ${VariableNames.Url}.", "-L", "--target");
    private readonly Option<string[]> _compare = FlagKinds.Values(
        "--compare", "URL", "Test this broker too, and show both side by side; repeatable.");
    private readonly Option<string[]> _versions = FlagKinds.Values(
        "--mqtt", "VERSION", "Test this version: 5, 311 or 31; repeatable. Default: all three.", "-V", "--protocol-version");
    private readonly Option<string[]> _ids = FlagKinds.Values(
        "--id", "STATEMENT", "Test this statement, such as MQTT-3.3.1-2 of 5.0 or MQTT311-3.3.1-2 of 3.1.1; repeatable.");
    private readonly Option<string[]> _sections = FlagKinds.Values(
        "--section", "SECTION", "Test the statements of this section, such as 3.3; repeatable.");
    private readonly Option<string> _json = FlagKinds.Value("--json", "FILE", "Write everything as JSON.");
    private readonly Option<string> _junit = FlagKinds.Value("--junit", "FILE", "Write the verdicts as JUnit XML, for build servers.");
    private readonly Option<string> _html = FlagKinds.Value("--html", "FILE", "Write one page for a browser.");
    private readonly Option<bool> _quiet = FlagKinds.Switch("--quiet", "Print only what failed and the summary, and no progress.");
    private readonly Option<string> _color = ColorFlag.Create();
    private readonly ServerFlags _server;

    public ConformFlags() => _server = new ServerFlags(_url, UrlForm);

    public void AddTo(Command command)
    {
        _server.AddTo(command);
        foreach (Option flag in (ReadOnlySpan<Option>)[_compare, _versions, _ids, _sections, _json, _junit, _html, _quiet, _color])
        {
            command.Add(flag);
        }
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    public ConformSettings Read(FlagReader flags, CommandEnvironment environment)
    {
        ServerSettings server = _server.Read(flags, environment);
        ContextFlags.RefuseBesideTcp(flags);
        if (flags.Has(_url))
        {
            CheckPath(flags, "-L", server);
        }

        MqttVersion[] versions = ReadVersions(flags);
        if (server is { Password: not null, UserName: null } && versions is not [MqttVersion.V5])
        {
            // A password without a user name came with 5.0 [MQTT311-3.1.2-22].
            flags.Refuse("-P needs -u in MQTT 3.1 and 3.1.1; or test 5.0 only, with -V 5.");
        }

        Predicate<Statement>? isWanted = ReadWanted(flags, versions);
        CheckFilesDiffer(flags);
        return new ConformSettings
        {
            Servers = [server, .. flags.Texts(_compare).Select(text => ReadCompared(flags, text))],
            Versions = [.. versions.Where(version => StatementTable.All.Any(s => s.Version == version && isWanted?.Invoke(s) != false))],
            IsWanted = isWanted,
            JsonFile = ReadFile(flags, _json),
            JUnitFile = ReadFile(flags, _junit),
            HtmlFile = ReadFile(flags, _html),
            IsQuiet = flags.Has(_quiet),
            IsColoured = ColorFlag.Read(flags, _color, environment.IsOutputTerminal, environment),
        };
    }

    private static ServerSettings ReadCompared(FlagReader flags, string text)
    {
        ServerUrl url = ServerUrl.Read(flags, "--compare", text, UrlForm);
        ServerSettings server = new()
        {
            Host = url.Host ?? "",
            Port = url.Port ?? ServerUrl.DefaultPort,
            UrlPath = url.Path,
            IsWebSocket = url.IsWebSocket,
            UserName = url.UserName,
            Password = url.Password is null ? null : System.Text.Encoding.UTF8.GetBytes(url.Password),
        };
        CheckPath(flags, "--compare", server);
        return server;
    }

    private static void CheckPath(FlagReader flags, string source, ServerSettings server)
    {
        if (server is { IsWebSocket: false, UrlPath: not null })
        {
            flags.Refuse($"{source} has a topic, {server.UrlPath}; conform makes its own, below conform/.");
        }
    }

    private static string? ReadFile(FlagReader flags, Option<string> flag)
    {
        string? path = flags.Text(flag);
        if (path is not null && ReportFile.FindObstacle(path) is string obstacle)
        {
            flags.Refuse($"{flag.Name} {path} cannot be written: {obstacle}");
        }

        return path;
    }

    // One report would silently take the place of another.
    private void CheckFilesDiffer(FlagReader flags)
    {
        IEnumerable<IGrouping<string, string>> files =
            from flag in (Option<string>[])[_json, _junit, _html]
            let path = flags.Text(flag)
            where !string.IsNullOrEmpty(path) && !ReportFile.IsDevice(path)
            group flag.Name by Path.GetFullPath(path);
        foreach (IGrouping<string, string> same in files.Where(file => file.Count() > 1))
        {
            flags.Refuse($"{string.Join(" and ", same)} are the same file, {same.Key}; give each its own.");
        }
    }

    private MqttVersion[] ReadVersions(FlagReader flags)
    {
        List<MqttVersion> versions = [];
        string[] texts = flags.Texts(_versions);
        foreach (string text in texts.Length == 0 && flags.Context?.Value(_versions.Name) is string kept ? [kept] : texts)
        {
            (string Word, MqttVersion Value)[] meant =
                [.. ConnectionFlags.Versions.Where(v => v.Word.Equals(text, StringComparison.OrdinalIgnoreCase))];
            if (meant.Length == 0)
            {
                string words = string.Join(", ", ConnectionFlags.Versions.Select(v => v.Word));
                flags.Refuse($"-V {text} is not allowed: {words}. For example -V 5.");
            }

            versions.AddRange(meant.Select(v => v.Value));
        }

        // In the order of the statements.
        IEnumerable<MqttVersion> all = StatementTable.All.Select(s => s.Version).Distinct();
        return [.. all.Where(version => versions.Count == 0 || versions.Contains(version))];
    }

    private Predicate<Statement>? ReadWanted(FlagReader flags, MqttVersion[] versions)
    {
        string[] ids = [.. flags.Texts(_ids).Select(id => ReadId(flags, id, versions))];
        string[] sections = flags.Texts(_sections);
        foreach (string section in sections.Where(section => !StatementTable.All.Any(s => versions.Contains(s.Version) && s.IsIn(section))))
        {
            flags.Refuse($"--section {section} has no statements; a number of the specification has. For example --section 3.3.");
        }

        return ids.Length + sections.Length == 0 ? null : statement => ids.Contains(statement.Id) || sections.Any(statement.IsIn);
    }

    private static string ReadId(FlagReader flags, string text, MqttVersion[] versions)
    {
        string id = text.Trim('[', ']').ToUpperInvariant();
        if (StatementTable.Find(id) is Statement statement)
        {
            if (!versions.Contains(statement.Version))
            {
                flags.Refuse($"--id {text} is of another version than -V: leave -V out.");
            }

            return id;
        }

        // The standard of 3.1.1 prints its ids without a version.
        string ofOlder = id.Replace("MQTT-", "MQTT311-", StringComparison.Ordinal);
        string? nearest = StatementTable.Find(ofOlder)?.Id ?? NearestName.Of(id, StatementTable.All.Select(s => s.Id));
        flags.Refuse($"--id {text} is not known; {(nearest is null ? "for example --id MQTT-3.3.1-2." : $"did you mean {nearest}?")}");
        return id;
    }

    private static Dictionary<string, string> UnsupportedFlags()
    {
        Dictionary<string, string> reasons = new(RouteFlags.UnsupportedBesideTcp);
        foreach (string flag in (ReadOnlySpan<string>)
            ["-i", "-I", "--id-prefix", "-k", "--keepalive", "-c", "--disable-clean-session", "-x", "--session-expiry-interval", "-D",
             "--will-topic", "--will-payload", "--will-qos", "--will-retain"])
        {
            reasons[flag] = "every case connects in its own way.";
        }

        reasons["--ws"] = "give the ws:// URL to -L.";
        return reasons;
    }
}
