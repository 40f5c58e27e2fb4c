using Starling.Cli.Formatting;
using Starling.Protocol;

namespace Starling.Cli.Mosquitto;

/// <summary>Where the payload of a published message comes from.</summary>
internal enum MosquittoSource
{
    None,
    Text,
    File,
    Lines,
    Input,
    Empty,
}

/// <summary>What an options file and the command line of a mosquitto tool say; filled while they are read.</summary>
internal sealed class MosquittoSettings
{
    public const int RandomFilterMax = 10_000;

    public required MosquittoTool Tool { get; init; }

    public string Host { get; set; } = "localhost";

    /// <summary>Null: the usual one.</summary>
    public int? Port { get; set; }

    /// <summary>A Unix socket instead of host and port.</summary>
    public string? UnixPath { get; set; }

    public string? BindAddress { get; set; }

    public bool NoDelay { get; set; }

    public SocksProxy? Proxy { get; set; }

    public MosquittoTls Tls { get; } = new();

    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>Null: the server's choice, and in 3.1 a random one.</summary>
    public string? Identifier { get; set; }

    public string? IdentifierPrefix { get; set; }

    public int KeepAliveSeconds { get; set; } = 60;

    public bool CleanSession { get; set; } = true;

    /// <summary>Null when -x was not given.</summary>
    public long? SessionExpirySeconds { get; set; }

    public MqttVersion Version { get; set; } = MqttVersion.V311;

    public MosquittoProperties Properties { get; } = new();

    public string? WillTopic { get; set; }

    public string? WillPayload { get; set; }

    public int WillQos { get; set; }

    public bool WillRetain { get; set; }

    public bool IsDebug { get; set; }

    public bool IsQuiet { get; set; }

    public string? Topic { get; set; }

    public string? ResponseTopic { get; set; }

    public MosquittoSource Source { get; set; }

    /// <summary>The payload as text, or the path of its file.</summary>
    public string Text { get; set; } = "";

    public int Qos { get; set; }

    public bool Retain { get; set; }

    public int Repetitions { get; set; } = 1;

    public TimeSpan RepeatDelay { get; set; }

    public int InFlightMax { get; set; } = 20;

    public List<string> Filters { get; } = [];

    public List<string> LeftOut { get; } = [];

    public List<string> Unsubscribed { get; } = [];

    /// <summary>After so many messages it ends; 0: never.</summary>
    public int Count { get; set; }

    /// <summary>Of -W; 0: none.</summary>
    public int TimeoutSeconds { get; set; }

    public bool EndsSubscribed { get; set; }

    public bool IsVerbose { get; set; }

    public bool HasLineEnd { get; set; } = true;

    public bool IsFreshOnly { get; set; }

    public bool RetainAsPublished { get; set; }

    public bool IsRetainedOnly { get; set; }

    public bool RemovesRetained { get; set; }

    /// <summary>So many of 10000 messages are printed.</summary>
    public int RandomFilter { get; set; } = RandomFilterMax;

    public MessageFormat? Format { get; set; }

    public bool IsPretty { get; set; }
}
