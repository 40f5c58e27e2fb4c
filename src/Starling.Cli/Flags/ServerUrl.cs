namespace Starling.Cli.Flags;

/// <summary>The parts of <c>mqtt://[user[:password]@]host[:port][/topic]</c>; null where the text has none.</summary>
internal readonly record struct ServerUrl(string? Host, int? Port, string? UserName, string? Password, string? Topic)
{
    public const int DefaultPort = 1883;

    /// <summary>What the text of a flag says; what is wrong with it is kept in <paramref name="flags"/>.</summary>
    /// <param name="flags">Keeps what is wrong.</param>
    /// <param name="source">The flag or variable, as people write it.</param>
    /// <param name="text">What they wrote.</param>
    public static ServerUrl Read(FlagReader flags, string source, string text)
    {
        if (TryParse(text, out ServerUrl url))
        {
            return url;
        }

        string? missing = text.Split("://")[0].ToUpperInvariant() switch
        {
            "MQTTS" or "SSL" or "TLS" => "TLS",
            "WS" or "WSS" => "WebSocket",
            _ => null,
        };
        flags.Refuse(missing is not null
            ? $"{source} {text} asks for {missing}, which is not supported yet. Use mqtt://."
            : $"{source} {text} is not allowed: mqtt://[user[:password]@]host[:port][/topic]. For example mqtt://localhost:1883/sensors/7.");
        return url;
    }

    public static bool TryParse(string text, out ServerUrl url)
    {
        url = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme != "mqtt" || uri.Host.Length == 0)
        {
            return false;
        }

        string[] user = uri.UserInfo.Split(':', 2);
        string topic = Uri.UnescapeDataString(text[(text.IndexOf(uri.Authority, StringComparison.OrdinalIgnoreCase) + uri.Authority.Length)..]);
        url = new ServerUrl(
            uri.DnsSafeHost,
            uri.IsDefaultPort ? null : uri.Port,
            uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            topic.Length > 1 ? topic[1..] : null);
        return true;
    }
}
