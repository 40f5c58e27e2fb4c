using System.Globalization;

namespace Starling.Cli.Mosquitto;

/// <summary>A SOCKS5 proxy that looks names up itself.</summary>
internal sealed record SocksProxy(string Host, int Port, string? UserName, string? Password)
{
    private const string Scheme = "socks5h://";
    private const int UsualPort = 1080;

    /// <summary>Reads socks5h://[user[:password]@]host[:port].</summary>
    /// <param name="url">The text.</param>
    /// <param name="error">What is wrong, in the words of mosquitto; empty when it says nothing.</param>
    public static SocksProxy? Parse(string url, out string error)
    {
        error = "";
        if (!url.StartsWith(Scheme, StringComparison.Ordinal))
        {
            error = $"Error: Unsupported proxy protocol: {url}\n";
            return null;
        }

        string rest = url[Scheme.Length..];
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        string[] user = at < 0 ? [] : rest[..at].Split(':', 2);
        string[] place = rest[(at + 1)..].Split(':', 2);
        if (place[0].Length == 0)
        {
            error = rest.Length == 0 || at == rest.Length - 1 ? "Error: Invalid proxy.\n" : "";
            return null;
        }

        int port = place.Length > 1 ? CNumbers.ToInt(place[1]) : UsualPort;
        if (port is < 1 or > ushort.MaxValue)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"Error: Invalid proxy port {port}\n");
            return null;
        }

        return new SocksProxy(place[0], port, Decode(user, 0), Decode(user, 1));
    }

    private static string? Decode(string[] parts, int index) => parts.Length > index ? Uri.UnescapeDataString(parts[index]) : null;
}
