namespace Starling.Cli.Flags;

/// <summary>
/// The parts of <c>mqtt://[user[:password]@]host[:port][/topic]</c>, or of a URL with mqtts, ws or wss; null where the text has none.
/// </summary>
internal readonly record struct ServerUrl(string? Host, int? Port, string? UserName, string? Password, string? Path)
{
    public const int DefaultPort = 1883;

    public const int SecurePort = 8883;

    /// <summary>Whether it is <c>ws://</c> or <c>wss://</c>.</summary>
    public bool IsWebSocket { get; private init; }

    /// <summary>Whether it is <c>mqtts://</c> or <c>wss://</c>.</summary>
    public bool IsEncrypted { get; private init; }

    /// <summary>What the text of a flag says; what is wrong with it is kept in <paramref name="flags"/>.</summary>
    /// <param name="flags">Keeps what is wrong.</param>
    /// <param name="source">The flag or variable, as people write it.</param>
    /// <param name="text">What they wrote.</param>
    /// <param name="form">What they may write.</param>
    public static ServerUrl Read(FlagReader flags, string source, string text, string form)
    {
        if (!TryParse(text, out ServerUrl url))
        {
            flags.Refuse($"{source} {WithoutUser(text)} is not allowed: {form}. For example mqtt://localhost:{DefaultPort}.");
        }
        else if (url.IsEncrypted && !form.Contains("mqtts", StringComparison.Ordinal))
        {
            flags.Refuse($"{source} {WithoutUser(text)} asks for TLS, which is not supported yet. Use mqtt://.");
        }

        return url;
    }

    public static bool TryParse(string text, out ServerUrl url)
    {
        url = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss") || uri.Host.Length == 0)
        {
            return false;
        }

        string[] user = uri.UserInfo.Split(':', 2);

        // Of the text, because # and ? are letters of topics.
        int pathStart = text.IndexOf('/', text.IndexOf("://", StringComparison.Ordinal) + 3);
        string path = pathStart < 0 ? "" : Uri.UnescapeDataString(text[pathStart..]);
        bool isWebSocket = uri.Scheme is "ws" or "wss";
        url = new ServerUrl(
            uri.DnsSafeHost,
            isWebSocket || !uri.IsDefaultPort ? uri.Port : null,
            uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            path.Length > 1 ? path[1..] : null) { IsWebSocket = isWebSocket, IsEncrypted = uri.Scheme is "mqtts" or "wss" };
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
