namespace Starling.Cli.Flags;

/// <summary>Which server the flags name, and as whom to go there.</summary>
internal sealed record ServerSettings
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The topic at the end of the URL; null: none.</summary>
    public string? UrlTopic { get; init; }

    public string? UserName { get; init; }

    public byte[]? Password { get; init; }
}
