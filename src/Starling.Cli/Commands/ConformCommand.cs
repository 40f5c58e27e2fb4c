using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Conformance.Specification;
using Starling.Hosting.Settings;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary><c>starling conform</c>: tests a broker against the statements of the specifications.</summary>
internal sealed class ConformCommand : ICommand
{
    private readonly ServerFlags _server = new(FlagKinds.Value(
        "--target", "URL", "The broker to test: mqtt://[user[:password]@]host[:port]. Default $STARLING_URL.", "-L", "--url"));
    private readonly Option<string[]> _versions = FlagKinds.Values(
        "--mqtt", "VERSION", "Test this version: 5, 311 or 31; repeatable. Default all three.", "-V", "--protocol-version");
    private readonly Option<string[]> _ids = FlagKinds.Values(
        "--id", "STATEMENT", "Test this statement, such as MQTT-3.3.1-2 (5.0) or MQTT311-3.3.1-2 (3.1.1); repeatable.");
    private readonly Option<string[]> _sections = FlagKinds.Values("--section", "SECTION", "Test the statements of this section, such as 3.3; repeatable.");
    private readonly Option<bool> _quiet = FlagKinds.Switch("--quiet", "Print only what failed and the summary, and no progress.");

    public ConformCommand()
    {
        Syntax = new Command("conform", "Test a broker against every statement of the MQTT specifications.") { _versions, _ids, _sections, _quiet };
        _server.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling conform -L mqtt://localhost:1883",
        "starling conform -L mqtt://localhost -V 5 --section 3.3 --section 4.3",
        "starling conform -L mqtt://localhost --id MQTT-3.3.1-2",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = UnsupportedFlags();

    public string HelpEnd => "";

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConformSettings settings = Read(flags, environment);
        if (flags.Error is string error)
        {
            return environment.RefuseUsage(error);
        }

        return await new ConformRun(settings, environment).RunAsync().ConfigureAwait(false);
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    internal ConformSettings Read(FlagReader flags, CommandEnvironment environment)
    {
        ServerSettings server = _server.Read(flags, environment);
        MqttVersion[] versions = ReadVersions(flags);
        string[] ids = [.. flags.Texts(_ids).Select(id => ReadId(flags, id))];
        string[] sections = flags.Texts(_sections);
        foreach (string section in sections.Where(section => !StatementTable.All.Any(statement => statement.IsIn(section))))
        {
            flags.Refuse($"--section {section} is not known: a chapter of the specification with statements. For example --section 3.3.");
        }

        Predicate<Statement>? isWanted = ids.Length + sections.Length == 0
            ? null
            : statement => ids.Contains(statement.Id) || sections.Any(statement.IsIn);
        versions = [.. versions.Where(version => StatementTable.All.Any(s => s.Version == version && isWanted?.Invoke(s) != false))];
        return new ConformSettings { Servers = [server], Versions = versions, IsWanted = isWanted, IsQuiet = flags.Has(_quiet) };
    }

    private MqttVersion[] ReadVersions(FlagReader flags)
    {
        List<MqttVersion> versions = [];
        foreach (string text in flags.Texts(_versions))
        {
            (string Word, MqttVersion Value)[] meant = [.. ConnectionFlags.Versions.Where(v => v.Word.Equals(text, StringComparison.OrdinalIgnoreCase))];
            if (meant.Length == 0)
            {
                flags.Refuse($"-V {text} is not allowed: {string.Join(", ", ConnectionFlags.Versions.Select(v => v.Word))}. For example -V 5.");
            }

            versions.AddRange(meant.Select(v => v.Value));
        }

        return versions.Count == 0 ? [MqttVersion.V5, MqttVersion.V311, MqttVersion.V31] : [.. versions.Distinct()];
    }

    private static string ReadId(FlagReader flags, string text)
    {
        string id = text.ToUpperInvariant();
        if (StatementTable.Find(id) is not null)
        {
            return id;
        }

        // The standard of 3.1.1 prints its ids without a version.
        string ofOlder = id.Replace("MQTT-", "MQTT311-", StringComparison.Ordinal);
        string? nearest = StatementTable.Find(ofOlder)?.Id ?? NearestName.Of(id, StatementTable.All.Select(statement => statement.Id));
        flags.Refuse($"--id {text} is not known; {(nearest is null ? "for example --id MQTT-3.3.1-2." : $"did you mean {nearest}?")}");
        return id;
    }

    private static Dictionary<string, string> UnsupportedFlags()
    {
        Dictionary<string, string> reasons = new(ConnectionFlags.Unsupported);
        foreach (string flag in (ReadOnlySpan<string>)
            ["-i", "-I", "--id-prefix", "-k", "--keepalive", "-c", "--disable-clean-session", "-x", "--session-expiry-interval", "-D",
             "--will-topic", "--will-payload", "--will-qos", "--will-retain"])
        {
            reasons[flag] = "every case connects as it needs to.";
        }

        return reasons;
    }
}
