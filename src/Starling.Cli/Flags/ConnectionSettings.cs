using Starling.Protocol;

namespace Starling.Cli.Flags;

/// <summary>What the flags of a connection say.</summary>
internal sealed record ConnectionSettings
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Where to connect to, and how.</summary>
    public required Uri Server { get; init; }

    public TlsFlagSettings Tls { get; init; } = new();

    /// <summary>The topic at the end of the URL; null: none.</summary>
    public string? UrlTopic { get; init; }

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }

    /// <summary>Null: a random one.</summary>
    public string? ClientIdentifier { get; init; }

    public int KeepAliveSeconds { get; init; }

    public MqttVersion Version { get; init; }

    /// <summary>Whether a person chose the version, so that no other one is tried.</summary>
    public bool IsVersionChosen { get; init; }

    public bool CleanStart { get; init; }

    /// <summary>As on the wire: <see cref="uint.MaxValue"/> is for ever.</summary>
    public uint SessionExpirySeconds { get; init; }

    public WillSettings? Will { get; init; }

    public bool IsDebug { get; init; }

    public bool IsQuiet { get; init; }
}
