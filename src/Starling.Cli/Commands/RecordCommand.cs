using System.CommandLine;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary><c>starling record</c>: writes what comes on topics into a file, with its times.</summary>
internal sealed class RecordCommand : ICommand
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(365);

    private readonly ConnectionFlags _connection = new();
    private readonly Argument<string> _file = FlagKinds.Word("FILE", "The file to write; it must not be there yet.");
    private readonly Option<string[]> _topics = FlagKinds.Values("--topic", "FILTER", "Record this Topic Filter; repeatable.", "-t");
    private readonly Option<string> _qos = FlagKinds.Value("--qos", "QOS", "The highest QoS to receive. Default 2, so that each message keeps its own.", "-q");
    private readonly Option<string> _count = FlagKinds.Value("--count", "N", "End after so many messages.", "-C");
    private readonly Option<string> _duration = FlagKinds.Value("--duration", "TIME", "End after so long, as in 30s, 10m or 2h.");
    private readonly Option<bool> _fresh = FlagKinds.Switch("--no-retained", "Leave out what the server had retained.", "-R");
    private readonly Option<bool> _anonymise = FlagKinds.Switch("--anonymise", "Replace topics, texts and payloads by others of the same size.");
    private readonly Option<string> _progress = ProgressFlag.Create();

    public RecordCommand()
    {
        Syntax = new FlagSet { _file, _topics, _qos, _count, _duration, _fresh, _anonymise, _progress };
        _connection.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling record -t '#' traffic.rec",
        "starling record -h broker -t 'sensors/#' --duration 10m --anonymise traffic.rec",
        "starling record --context home -t doors/front -t 'doors/+/state' -C 1000 doors.rec",
    ];

    public IReadOnlyDictionary<string, string> Unsupported => ConnectionFlags.Unsupported;

    public string HelpEnd =>
        """
        Ctrl+C ends the recording in order. A process that is killed leaves a file that can be replayed up to its last whole message; what
        came in the last quarter of a second may be missing. The file has access for its owner only.
        --anonymise keeps visible: times, sizes, QoS, RETAIN, expiry, how many levels topics have and which are the same.
        Messages that the server gives up because more come than are taken from it (QoS 0: a full output, QoS 1 and 2: a full queue of the
        session) are missing, and MQTT has no word to say so; Starling counts them below $SYS/broker/publish/messages/dropped.
        After a lost connection it connects again, and says so: messages between are missing unless -c and -i keep the session.
        Exit code: 0, also after Ctrl+C; 3 when the file is there already; 4 to 13 as for sub.
        """;

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConnectionSettings connection = _connection.Read(flags, environment);
        RecordSettings settings = Read(flags, connection);
        ProgressMode progress = ProgressFlag.Read(flags, _progress);
        if (flags.Error is string error)
        {
            return environment.RefuseUsage(error);
        }

        using Recorder recorder = new(settings, connection, environment);
        return await recorder.RunAsync(ClientSetup.CreateOptions(connection, new PropertySettings()), connection.IsQuiet ? ProgressMode.None : progress)
            .ConfigureAwait(false);
    }

    private RecordSettings Read(FlagReader flags, ConnectionSettings connection)
    {
        string[] filters = flags.Texts(_topics);
        filters = filters.Length == 0 && connection.UrlTopic is string topic ? [topic] : filters;
        if (filters.Length == 0)
        {
            flags.Refuse("record needs a topic: -t FILTER. For example -t '#' for everything.");
        }

        foreach (string filter in filters)
        {
            TextFlags.CheckTopicFilter(flags, "-t", filter);
        }

        string file = flags.Text(_file) ?? "";
        if (file.Length == 0)
        {
            flags.Refuse("record needs a file to write. For example starling record -t '#' traffic.rec.");
        }
        else if (File.Exists(file))
        {
            flags.Refuse($"{file} is there already, and no recording takes the place of another one: remove it, or choose another name.");
        }

        long count = flags.Number(_count, 1, long.MaxValue, 0);
        TimeSpan duration = flags.Time(_duration, LongestDuration, TimeSpan.Zero);
        if (flags.IsGiven(_duration) && duration == TimeSpan.Zero)
        {
            flags.Refuse("--duration 0 is not allowed: a time such as 30s or 10m. For example --duration 10m.");
        }

        return new RecordSettings
        {
            File = file,
            Filters = filters,
            Count = count == 0 ? null : count,
            Duration = duration == TimeSpan.Zero ? null : duration,
            IsAnonymised = flags.Has(_anonymise),
            Options = new SubscribeOptions
            {
                MaximumQos = (QualityOfService)flags.Number(_qos, 0, 2, 2),
                Retained = flags.Has(_fresh) ? RetainHandling.DoNotSend : RetainHandling.SendAtSubscribe,
                RetainAsPublished = connection.Version == MqttVersion.V5,
                Overflow = Overflow.Wait,
            },
        };
    }
}
