namespace Starling.Cli.Flags;

/// <summary>Which server the flags name, and as whom to go there.</summary>
internal sealed record ServerSettings
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>What follows the slash behind host and port, a topic or the path of a WebSocket; null: nothing.</summary>
    public string? UrlPath { get; init; }

    public bool IsWebSocket { get; init; }

    /// <summary>Whether the URL asks for TLS.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Whether the port is not just the usual one of plain MQTT.</summary>
    public bool IsPortChosen { get; init; }

    /// <summary>Whether the command line names the server, so that no other way of a context counts.</summary>
    public bool IsAddressGiven { get; init; }

    /// <summary>Whether it does so by a URL, which says all about the way.</summary>
    public bool IsUrlGiven { get; init; }

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }
}
