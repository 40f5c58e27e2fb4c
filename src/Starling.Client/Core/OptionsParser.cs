using System.Globalization;
using Starling.Protocol;

namespace Starling.Client.Core;

/// <summary>Reads options from the text of an address.</summary>
internal static class OptionsParser
{
    private static readonly string[] Keys =
    [
        "clientId", "version", "cleanStart", "sessionExpiry", "keepAlive", "receiveMaximum", "connectTimeout", "reconnectMax",
        "outbox", "outboxMax", "caFile", "certFile", "keyFile", "pinned", "serverName", "alpn",
    ];

    public static MqttClientOptions Parse(string uri)
    {
        int colon = uri.IndexOf("://", StringComparison.Ordinal);
        string scheme = colon < 0 ? string.Empty : uri[..colon].ToLowerInvariant();
        if (!ServerScheme.IsKnown(scheme))
        {
            throw new FormatException("The address of a server begins with mqtt://, mqtts://, ws://, wss:// or unix://, for example mqtt://localhost:1883.");
        }

        MqttClientOptions options = new();
        string rest = uri[(colon + 3)..];
        int query = rest.IndexOf('?', StringComparison.Ordinal);
        string place = query < 0 ? rest : rest[..query];
        int slash = place.IndexOf('/', StringComparison.Ordinal);
        (string authority, string path) = slash < 0 ? (place, string.Empty) : (place[..slash], place[slash..]);
        int at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            string[] user = authority[..at].Split(':', 2);
            options.Credentials = new MqttPassword(Uri.UnescapeDataString(user[0]), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null);
        }
        else if (rest.Contains('@', StringComparison.Ordinal))
        {
            // The text before it may be a password, so it is not repeated.
            throw new FormatException("In a user name, a password or a value '/' is written %2F, '?' %3F and '@' %40.");
        }

        AddServers(options, scheme, authority[(at + 1)..], path);
        foreach (string pair in query < 0 ? [] : rest[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = pair.Split('=', 2);
            Apply(options, halves[0], halves.Length > 1 ? Uri.UnescapeDataString(halves[1]) : string.Empty);
        }

        return options;
    }

    private static void AddServers(MqttClientOptions options, string scheme, string hosts, string path)
    {
        if (scheme == ServerScheme.Unix)
        {
            options.Servers.Add(hosts.Length == 0 && path.Length > 1
                ? new Uri($"{scheme}://{path}")
                : throw new FormatException("The address of a Unix socket is its whole path, for example unix:///run/mqtt.sock."));
            return;
        }

        if (path.Length > 1 && !ServerScheme.IsWebSocket(scheme))
        {
            throw new FormatException($"An address with {scheme}:// has no path, but '{path}' stands behind the host.");
        }

        foreach (string host in hosts.Split(','))
        {
            // The text may hold a password before the host, so messages name the host only.
            string address = $"{scheme}://{host}{(ServerScheme.IsWebSocket(scheme) ? path : string.Empty)}";
            options.Servers.Add(Uri.TryCreate(address, UriKind.Absolute, out Uri? server) && server.Host.Length > 0
                ? server
                : throw new FormatException($"'{host}' is no host, or host:port."));
        }
    }

    private static void Apply(MqttClientOptions options, string key, string value)
    {
        switch (key)
        {
            case "clientId":
                options.ClientId = value;
                break;
            case "version":
                options.Version = ParseVersion(value);
                break;
            case "cleanStart":
                options.CleanStart = bool.TryParse(value, out bool isClean) ? isClean : throw Bad(key, value, "true or false");
                break;
            case "sessionExpiry":
                options.SessionExpiry = ParseTime(key, value);
                break;
            case "keepAlive":
                options.KeepAlive = ParseTime(key, value);
                break;
            case "connectTimeout":
                options.ConnectTimeout = ParseTime(key, value);
                break;
            case "reconnectMax":
                options.Reconnect.MaxDelay = ParseTime(key, value);
                break;
            case "receiveMaximum":
                options.ReceiveMaximum = ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort maximum) && maximum > 0
                    ? maximum
                    : throw Bad(key, value, "1 to 65535");
                break;
            case "outbox":
                options.Outbox = value switch
                {
                    "" => throw Bad(key, value, "memory, or the directory of a file"),
                    "memory" => OutboxOptions.Memory(options.Outbox.MaxBytes),
                    _ => OutboxOptions.File(value, options.Outbox.MaxBytes),
                };
                break;
            case "outboxMax":
                long maxBytes = ByteSize.TryParse(value, out long size) ? size : throw Bad(key, value, "a size like 500000, 512KiB, 16MiB or 1GiB");
                options.Outbox = options.Outbox.Path is { } path ? OutboxOptions.File(path, maxBytes) : OutboxOptions.Memory(maxBytes);
                break;
            default:
                ApplyTls(options.Tls, key, value);
                break;
        }
    }

    private static void ApplyTls(MqttTlsOptions tls, string key, string value)
    {
        switch (key)
        {
            case "caFile":
                tls.CaFile = value;
                break;
            case "certFile":
                tls.CertFile = value;
                break;
            case "keyFile":
                tls.KeyFile = value;
                break;
            case "pinned":
                AddAll(tls.Pinned, value);
                break;
            case "serverName":
                tls.ServerName = value;
                break;
            case "alpn":
                AddAll(tls.Alpn, value);
                break;
            default:
                throw new FormatException($"There is no key '{key}'{Suggest(key)} Keys are {string.Join(", ", Keys)}.");
        }
    }

    private static MqttVersion ParseVersion(string value) => value switch
    {
        "3.1" => MqttVersion.V31,
        "3.1.1" => MqttVersion.V311,
        "5" or "5.0" => MqttVersion.V5,
        _ => throw Bad("version", value, "3.1, 3.1.1 or 5"),
    };

    private static TimeSpan ParseTime(string key, string value)
    {
        double seconds = value.Length == 0 ? 0 : value[^1] switch
        {
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => 1,
        };
        string number = value[..^(value is [.., 's' or 'm' or 'h' or 'd'] ? 1 : 0)];
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double amount)
            && amount * seconds < uint.MaxValue
            ? TimeSpan.FromSeconds(amount * seconds)
            : throw Bad(key, value, "a time like 30s, 5m, 1h or 7d");
    }

    private static FormatException Bad(string key, string value, string allowed) => new($"{key} is {allowed}, not '{value}'.");

    private static void AddAll(IList<string> list, string value)
    {
        foreach (string one in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            list.Add(one);
        }
    }

    private static string Suggest(string key) => NearestName.Find(key, Keys) is { } near ? $"; did you mean '{near}'?" : ".";
}
