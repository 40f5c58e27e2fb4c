using System.CommandLine;
using System.Text;
using Microsoft.Extensions.Logging;
using Starling.Cli.Flags;
using Starling.Hosting;
using Starling.Hosting.Settings;
using Starling.Server;

namespace Starling.Cli.Commands;

/// <summary><c>starling serve</c>: runs the broker until SIGTERM or SIGINT.</summary>
internal sealed class ServeCommand : ICommand
{
    private readonly Option<string> _port = FlagKinds.Value("--port", "PORT", "Port of every listener; 0 takes a free one. Default 1883.", "-p");
    private readonly Option<string[]> _bind = FlagKinds.Values(
        "--bind", "ADDRESS", "Listen here, ADDRESS or ADDRESS:PORT; repeatable, * is all. Default 127.0.0.1 and [::1].");
    private readonly DataFlag _data = new("Where durable state is kept.");
    private readonly Option<string> _memory = FlagKinds.Value("--memory", "SIZE", "Memory for buffers and messages, such as 512MiB.");
    private readonly Option<string> _loops = FlagKinds.Value("--loops", "N", "Event loops, one thread each. Default: one for each processor.");
    private readonly Option<string[]> _set = FlagKinds.Values("--set", "KEY=VALUE", "Sets any setting of the list below; repeatable.");
    private readonly Option<bool> _check = FlagKinds.Switch("--check", "Check the settings and end: 0 when they are right, 26 when not.");
    private readonly Option<bool> _verbose = FlagKinds.Switch("--verbose", "Log more; with --check, print every setting.", "-v");
    private readonly Option<bool> _quiet = FlagKinds.Switch("--quiet", "Log warnings and errors only, and no start message but `ready`.");

    public ServeCommand()
    {
        Syntax = new FlagSet { _port, _bind, _data.Option, _memory, _loops, _set, _check, _verbose, _quiet };
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling serve --data /var/lib/starling",
        "starling serve --bind '*' --set AllowAnonymous=true",
        "starling serve -p 1884 --memory 512MiB --set Limits:PacketBytesMax=64KiB --set Durability=memory",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>
    {
        ["--config"] = "a configuration file is not read yet. Use --set KEY=VALUE for each setting.",
    };

    public string HelpEnd
    {
        get
        {
            StarlingOptions defaults = new();
            StringBuilder text = new("Settings (--set KEY=VALUE):\n");
            foreach (Setting setting in SettingTable.All)
            {
                text.Append("  ").Append(setting.Key).Append('=').Append(setting.Format(defaults)).Append('\n');
                text.Append("      ").Append(setting.Description).Append(" Allowed: ").Append(setting.Allowed).Append(".\n");
            }

            return text.ToString();
        }
    }

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        StarlingOptions options = ReadOptions(flags, environment, out string? settingError);
        if (flags.Error is string usage)
        {
            return environment.RefuseUsage(usage);
        }

        if ((settingError ?? options.FindError()) is string error)
        {
            environment.Error.WriteLine($"starling: {error}");
            return ServerExitCode.Configuration;
        }

        using StreamWriter output = new(environment.Output, leaveOpen: true) { NewLine = "\n" };
        if (parsed.GetValue(_check))
        {
            return WriteCheck(output, options, parsed.GetValue(_verbose));
        }

        bool isQuiet = parsed.GetValue(_quiet);
        return await ServerProcess.RunAsync(
            new ServerRun
            {
                Options = options,
                Output = output,
                Log = environment.Error,
                LowestLevel = isQuiet ? LogLevel.Warning : parsed.GetValue(_verbose) ? LogLevel.Debug : LogLevel.Information,
                IsQuiet = isQuiet,
                TimeProvider = environment.TimeProvider,
            },
            environment.Interrupted).ConfigureAwait(false);
    }

    /// <summary>The options that the flags mean; each --set counts more than the other flags.</summary>
    /// <param name="flags">Keeps what is wrong with a flag.</param>
    /// <param name="environment">Names the data directory when neither flag does.</param>
    /// <param name="error">One line on the first setting that is wrong; null when all are right.</param>
    internal StarlingOptions ReadOptions(FlagReader flags, CommandEnvironment environment, out string? error)
    {
        error = null;
        int port = (int)flags.Number(_port, 0, ushort.MaxValue, ListenerAddress.DefaultPort);
        StarlingOptions options = new() { Listeners = ReadListeners(flags, port) };
        foreach ((string key, string value) in ReadSettings(flags))
        {
            if (!SettingTable.TrySet(options, key, value, out options, out string? wrong))
            {
                error ??= wrong;
            }
        }

        return options.Durability == Durability.Memory
            ? options
            : options with { DataDirectory = options.DataDirectory ?? DataFlag.Default(environment) };
    }

    private List<(string Key, string Value)> ReadSettings(FlagReader flags)
    {
        List<(string Key, string Value)> settings = [];
        foreach ((string key, Option<string> flag) in (ReadOnlySpan<(string, Option<string>)>)[("DataDirectory", _data.Option), ("Memory:Budget", _memory), ("Loops", _loops)])
        {
            if (flags.Text(flag) is string value)
            {
                settings.Add((key, value));
            }
        }

        foreach (string pair in flags.Texts(_set))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                flags.Refuse($"--set {pair} is not KEY=VALUE. For example --set Limits:ReceiveMaximum=512.");
            }
            else
            {
                settings.Add((pair[..equals], pair[(equals + 1)..]));
            }
        }

        return settings;
    }

    private IReadOnlyList<ListenerAddress> ReadListeners(FlagReader flags, int port)
    {
        List<ListenerAddress> listeners = [];
        foreach (string text in flags.Texts(_bind))
        {
            if (ListenerAddress.TryParse(text, port, out IReadOnlyList<ListenerAddress>? parsed))
            {
                listeners.AddRange(parsed);
            }
            else
            {
                flags.Refuse($"--bind {text} is not allowed: an IP address, localhost or *, and a port if not that of --port. For example --bind 127.0.0.1.");
            }
        }

        return listeners.Count > 0 ? listeners : ListenerAddress.Loopback(port);
    }

    private static int WriteCheck(TextWriter output, StarlingOptions options, bool all)
    {
        foreach (Setting setting in all ? SettingTable.All : [])
        {
            output.WriteLine($"{setting.Key}={setting.Format(options)}");
        }

        output.WriteLine("The settings are right.");
        return ExitCode.Ok;
    }
}
