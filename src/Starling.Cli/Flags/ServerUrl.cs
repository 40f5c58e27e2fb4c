namespace Starling.Cli.Flags;

/// <summary>
/// The parts of <c>mqtt://[user[:password]@]host[:port][/topic]</c>, or of a <c>ws://</c> URL; null where the text has none.
/// </summary>
internal readonly record struct ServerUrl(string? Host, int? Port, string? UserName, string? Password, string? Path)
{
    public const int DefaultPort = 1883;

    /// <summary>Whether it is <c>ws://</c>.</summary>
    public bool IsWebSocket { get; private init; }

    /// <summary>What the text of a flag says; what is wrong with it is kept in <paramref name="flags"/>.</summary>
    /// <param name="flags">Keeps what is wrong.</param>
    /// <param name="source">The flag or variable, as people write it.</param>
    /// <param name="text">What they wrote.</param>
    /// <param name="form">What they may write.</param>
    public static ServerUrl Read(FlagReader flags, string source, string text, string form)
    {
        if (TryParse(text, out ServerUrl url))
        {
            return url;
        }

        bool isEncrypted = text.Split("://")[0].ToUpperInvariant() is "MQTTS" or "WSS" or "SSL" or "TLS";
        string shown = WithoutUser(text);
        flags.Refuse(isEncrypted
            ? $"{source} {shown} asks for TLS, which is not supported yet. Use mqtt://."
            : $"{source} {shown} is not allowed: {form}. For example mqtt://localhost:{DefaultPort}.");
        return url;
    }

    public static bool TryParse(string text, out ServerUrl url)
    {
        url = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("mqtt" or "ws") || uri.Host.Length == 0)
        {
            return false;
        }

        string[] user = uri.UserInfo.Split(':', 2);
        int pathStart = text.IndexOf(uri.Authority, StringComparison.OrdinalIgnoreCase) + uri.Authority.Length;
        string path = Uri.UnescapeDataString(text[pathStart..]);
        bool isWebSocket = uri.Scheme == "ws";
        url = new ServerUrl(
            uri.DnsSafeHost,
            isWebSocket || !uri.IsDefaultPort ? uri.Port : null,
            uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            path.Length > 1 ? path[1..] : null) { IsWebSocket = isWebSocket };
        return true;
    }

    // Errors end in the logs of build servers, where no password belongs.
    private static string WithoutUser(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        int begin = scheme < 0 ? 0 : scheme + 3;
        int end = text.LastIndexOf('@');
        return end < begin ? text : $"{text[..begin]}…{text[end..]}";
    }
}
