using System.CommandLine;
using System.Globalization;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Cli.Recordings;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary><c>starling replay</c>: publishes what was recorded, at the times at which it came.</summary>
internal sealed class ReplayCommand : ICommand
{
    private const double SpeedMax = 1_000_000;
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(3650);

    private readonly ConnectionFlags _connection = new();
    private readonly Argument<string> _file = FlagKinds.Word("FILE", "What `starling record` has written.");
    private readonly Option<string> _speed = FlagKinds.Value("--speed", "FACTOR", "So many times as fast, such as 2 or 0.5; max: as fast as it goes. Default 1.");
    private readonly Option<string> _from = FlagKinds.Value("--from", "TIME", "Begin here in the recording, as in 90s or 1.5m. Default 0.");
    private readonly Option<string> _to = FlagKinds.Value("--to", "TIME", "End there in the recording. Default: its end.");
    private readonly Option<bool> _loop = FlagKinds.Switch("--loop", "Begin again at the end, until Ctrl+C.");
    private readonly Option<string[]> _map = FlagKinds.Values("--map", "OLD=NEW", "Topics that begin with OLD begin with NEW; the first that fits counts; repeatable.");
    private readonly Option<string> _qos = FlagKinds.Value("--qos", "QOS", "Publish all with this QoS. Default: as recorded.", "-q");
    private readonly Option<bool> _retain = FlagKinds.Switch("--retain", "Publish all with RETAIN. Default: as recorded.", "-r");
    private readonly Option<bool> _noRetain = FlagKinds.Switch("--no-retain", "Publish all without RETAIN.");
    private readonly Option<string> _inFlight = FlagKinds.Value("--max-inflight", "N", "Messages under way at a time; above it the replay is late. Default 1000.", "-M");
    private readonly Option<string> _progress = ProgressFlag.Create();

    public ReplayCommand()
    {
        Syntax = new FlagSet { _file, _speed, _from, _to, _loop, _map, _qos, _retain, _noRetain, _inFlight, _progress };
        _connection.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling replay traffic.rec",
        "starling replay --speed 2 --map sensors/=test/sensors/ -h test-broker traffic.rec",
        "starling replay --speed max --from 10m --to 12m --no-retain traffic.rec",
    ];

    public IReadOnlyDictionary<string, string> Unsupported => ConnectionFlags.Unsupported;

    public string HelpEnd =>
        """
        Each message is due at its recorded time, whatever the server does; acknowledgements are waited for in the background, and the end
        tells how late messages were at most. When the connection is lost the replay ends, and names the --from with which to go on.
        Exit code: 0; 2 when the file is damaged, with the offset, after all before it is published, or when --map makes a topic that is none;
        3 when it is no recording; 4 to 8 and 11 as for pub; 12 or 13 when the server refused a message; 130 after Ctrl+C.
        """;

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConnectionSettings connection = _connection.Read(flags, environment);
        ReplaySettings settings = Read(flags);
        ProgressMode progress = ProgressFlag.Read(flags, _progress);
        if (flags.Error is string error)
        {
            return environment.RefuseUsage(error);
        }

        try
        {
            FileStream file = new(settings.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 64 << 10);
            await using (file.ConfigureAwait(false))
            {
                if (!file.CanSeek)
                {
                    return environment.RefuseUsage($"{settings.File} is a pipe; replay needs a file, to find places in it.");
                }

                Replayer replayer = new(settings, new RecordingReader(file, settings.File), connection, environment);
                return await replayer.RunAsync(ClientSetup.CreateOptions(connection, new PropertySettings()), connection.IsQuiet ? ProgressMode.None : progress)
                    .ConfigureAwait(false);
            }
        }
        catch (RecordingException e)
        {
            return environment.RefuseUsage(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return environment.RefuseUsage($"{settings.File} cannot be read: {e.Message}");
        }
    }

    private ReplaySettings Read(FlagReader flags)
    {
        string file = flags.Text(_file) ?? "";
        if (file.Length == 0)
        {
            flags.Refuse("replay needs a recording. For example starling replay traffic.rec.");
        }

        if (flags.Has(_retain) && flags.Has(_noRetain))
        {
            flags.Refuse("only one of --retain and --no-retain can be given.");
        }

        TimeSpan from = flags.Time(_from, LongestTime, TimeSpan.Zero);
        TimeSpan to = flags.Time(_to, LongestTime, TimeSpan.MaxValue);
        if (to <= from && flags.Error is null)
        {
            flags.Refuse("--to must be after --from, which is 0 when it is not given. For example --from 10s --to 20s.");
        }

        return new ReplaySettings
        {
            File = file,
            Speed = ReadSpeed(flags),
            From = from,
            To = flags.IsGiven(_to) ? to : null,
            Loops = flags.Has(_loop),
            Topics = new TopicMap(ReadMap(flags)),
            Qos = flags.IsGiven(_qos) ? (QualityOfService)flags.Number(_qos, 0, 2, 0) : null,
            Retain = flags.Has(_retain) ? true : flags.Has(_noRetain) ? false : null,
            InFlightMax = (int)flags.Number(_inFlight, 1, ushort.MaxValue, 1000),
        };
    }

    private double ReadSpeed(FlagReader flags)
    {
        string text = flags.Text(_speed) ?? "1";
        if (text == "max")
        {
            return double.PositiveInfinity;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed) && speed is > 0 and <= SpeedMax)
        {
            return speed;
        }

        flags.Refuse($"--speed {text} is not allowed: a number above 0, at most 1000000, or max. For example --speed 2.");
        return 1;
    }

    private List<(string Old, string New)> ReadMap(FlagReader flags)
    {
        List<(string Old, string New)> pairs = [];
        foreach (string text in flags.Texts(_map))
        {
            string[] parts = text.Split('=', 2);
            if (parts.Length < 2 || parts[0].Length == 0)
            {
                flags.Refuse($"--map {text} is not OLD=NEW. For example --map old/=new/.");
                continue;
            }

            if (parts[1].AsSpan().ContainsAny('+', '#'))
            {
                flags.Refuse($"--map {text} is not allowed: topics have no + and #. For example --map old/=new/.");
            }

            pairs.Add((parts[0], parts[1]));
        }

        return pairs;
    }
}
