namespace Starling.Client.Core;

/// <summary>What the scheme of a server's address stands for.</summary>
internal static class ServerScheme
{
    public const string Tcp = "mqtt";
    public const string Tls = "mqtts";
    public const string WebSocket = "ws";
    public const string SecureWebSocket = "wss";
    public const string Unix = "unix";

    /// <summary>In the order of the documentation.</summary>
    public static string[] All { get; } = [Tcp, Tls, WebSocket, SecureWebSocket, Unix];

    public static bool IsKnown(string scheme) => Array.IndexOf(All, scheme) >= 0;

    public static bool HasTls(string scheme) => scheme is Tls or SecureWebSocket;

    public static bool IsWebSocket(string scheme) => scheme is WebSocket or SecureWebSocket;

    /// <summary>Whether a WebSocket address says where on its server MQTT is; who means the root of the server writes the slash.</summary>
    public static bool HasPath(Uri server) => server.PathAndQuery != "/" || server.OriginalString.EndsWith('/');

    /// <summary>The port that is meant when an address names none.</summary>
    public static int DefaultPort(string scheme) => scheme switch
    {
        Tls => 8883,
        WebSocket => 80,
        SecureWebSocket => 443,
        _ => 1883,
    };

    /// <summary>The port of an address, its own or the one that is meant.</summary>
    public static int PortOf(Uri server) => server.Port > 0 ? server.Port : DefaultPort(server.Scheme);

    /// <summary>For logs: the whole address, but for a path or a query, which may hold a secret.</summary>
    public static string Print(Uri server) => $"{server.Scheme}://{Describe(server)}";

    /// <summary>For people: host and port, or the path of a Unix socket. Never a user or a password.</summary>
    public static string Describe(Uri server) =>
        server.Scheme == Unix ? Uri.UnescapeDataString(server.AbsolutePath) : $"{server.Host}:{PortOf(server)}";
}
