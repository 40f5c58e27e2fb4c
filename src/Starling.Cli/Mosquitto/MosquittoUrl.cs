namespace Starling.Cli.Mosquitto;

/// <summary>The value of -L: <c>mqtt(s)://[user[:password]@]host[:port]/topic</c>, read as mosquitto reads it: nothing is unescaped.</summary>
internal static class MosquittoUrl
{
    private const string Plain = "mqtt://";
    private const string Secure = "mqtts://";

    public static string? Take(MosquittoSettings settings, string url)
    {
        string rest;
        if (url.StartsWith(Plain, StringComparison.OrdinalIgnoreCase))
        {
            rest = url[Plain.Length..];
            settings.Port = MosquittoConnector.PlainPort;
        }
        else if (url.StartsWith(Secure, StringComparison.OrdinalIgnoreCase))
        {
            rest = url[Secure.Length..];
            settings.Port = MosquittoConnector.SecurePort;
            settings.Tls.UsesSystemAuthorities = true;
        }
        else
        {
            return "Error: unsupported URL scheme.\n\n";
        }

        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return "Error: Invalid URL for -L argument specified - topic missing.\n";
        }

        if (MosquittoValues.TakeTopic(settings, rest[(slash + 1)..], "-L topic") is { } error)
        {
            return error;
        }

        string place = rest[..slash];
        int at = place.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            string[] user = place[..at].Split(':', 2);
            settings.UserName = user[0];
            settings.Password = user.Length > 1 ? user[1] : settings.Password;
        }

        string[] host = place[(at + 1)..].Split(':', 2);
        settings.Host = host[0];
        settings.Port = host.Length > 1 ? CNumbers.ToInt(host[1]) : settings.Port;
        return null;
    }
}
