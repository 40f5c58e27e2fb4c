namespace Starling.Cli.Flags;

/// <summary>The parts of <c>mqtt://[user[:password]@]host[:port][/topic]</c>; null where the text has none.</summary>
internal readonly record struct ServerUrl(string? Host, int? Port, string? UserName, string? Password, string? Topic)
{
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
