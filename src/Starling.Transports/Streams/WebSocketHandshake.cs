using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Starling.Transports.Streams;

/// <summary>The opening handshake of RFC 6455 on a stream, the client's side.</summary>
internal static class WebSocketHandshake
{
    private const int HeadBytesMax = 16 * 1024;
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const string EndOfHead = "\r\n\r\n";

    /// <summary>What makes the request a handshake; not open to customisation.</summary>
    private static readonly string[] OwnHeaders =
        ["Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"];

    public static async Task<Stream> OpenAsync(Stream inner, WebSocketSettings settings, CancellationToken ct)
    {
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        string request = await BuildAsync(settings, key).WaitAsync(ct).ConfigureAwait(false);
        string head;
        try
        {
            await inner.WriteAsync(Encoding.UTF8.GetBytes(request), ct).ConfigureAwait(false);
            head = await ReadHeadAsync(inner, ct).ConfigureAwait(false);
        }
        catch (IOException fault) when (fault is not TransportException)
        {
            throw Refused($"the server closed the connection instead of answering the WebSocket request: {fault.Message}", fault);
        }

        Check(head, key, settings.SubProtocol);
        return new WebSocketBytes(WebSocket.CreateFromStream(
            inner,
            new WebSocketCreationOptions { IsServer = false, SubProtocol = settings.SubProtocol, KeepAliveInterval = Timeout.InfiniteTimeSpan }));
    }

    private static async Task<string> BuildAsync(WebSocketSettings settings, string key)
    {
        string target = settings.Address.PathAndQuery;
        string host = settings.Address.HostNameType == UriHostNameType.IPv6 ? settings.Address.Host : settings.Address.IdnHost;
        host = settings.Address.IsDefaultPort ? host : $"{host}:{settings.Address.Port}";
        string more = string.Empty;
        if (settings.Request is { } customise)
        {
            (target, host, more) = await CustomiseAsync(settings.Address, host, customise).ConfigureAwait(false);
        }

        // The client offers the sub-protocol [MQTT-6.0.0-3].
        return $"GET {target} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {settings.SubProtocol}\r\n{more}\r\n";
    }

    private static async Task<(string Target, string Host, string Headers)> CustomiseAsync(
        Uri address, string host, Func<HttpRequestMessage, ValueTask> customise)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        await customise(request).ConfigureAwait(false);
        StringBuilder headers = new();
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in request.Headers.NonValidated)
        {
            if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (string value in values)
            {
                // A line end in a value would begin another header.
                headers.Append(value.AsSpan().ContainsAny('\r', '\n')
                    ? throw Refused($"the value of the header {name} has a line end")
                    : $"{name}: {value}\r\n");
            }
        }

        return ((request.RequestUri ?? address).PathAndQuery, request.Headers.Host ?? host, headers.ToString());
    }

    /// <summary>
    /// Reads to the end of the head and no byte further, because frames may follow at once: what can still be missing of the end is
    /// never more than what is asked for.
    /// </summary>
    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken ct)
    {
        byte[] head = new byte[HeadBytesMax];
        int length = 0;
        int matched = 0;
        while (matched < EndOfHead.Length)
        {
            int wanted = EndOfHead.Length - matched;
            if (length + wanted > HeadBytesMax)
            {
                throw Refused($"the answer to the WebSocket request is longer than {HeadBytesMax} bytes");
            }

            int received = await stream.ReadAsync(head.AsMemory(length, wanted), ct).ConfigureAwait(false);
            if (received == 0)
            {
                throw Refused(length == 0
                    ? "the server closed the connection instead of answering the WebSocket request"
                    : "the server closed the connection within its answer to the WebSocket request");
            }

            length += received;
            matched = Matched(head.AsSpan(0, length));
        }

        return Encoding.Latin1.GetString(head, 0, length);
    }

    /// <summary>How much of the end of a head these bytes end with.</summary>
    private static int Matched(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> end = "\r\n\r\n"u8;
        int count = end.Length;
        while (!bytes.EndsWith(end[..count]))
        {
            count--;
        }

        return count;
    }

    private static void Check(string head, string key, string subProtocol)
    {
        string[] lines = head.Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || lines[0].Split(' ', 3) is not [_, string status, ..])
        {
            throw Refused("what answers there does not speak HTTP; check the port (ws 80, wss 443)");
        }

        if (status != "101")
        {
            string where = Header(lines, "Location") is { } location ? $", Location {location}" : string.Empty;
            throw Refused($"the server answers the WebSocket request with {lines[0][9..].Trim()}{where} instead of 101; check path, headers and credentials");
        }

        bool isUpgraded = "websocket".Equals(Header(lines, "Upgrade"), StringComparison.OrdinalIgnoreCase)
            && Header(lines, "Sec-WebSocket-Accept") == AcceptFor(key);
        if (!isUpgraded)
        {
            throw Refused("the answer to the WebSocket request does not belong to it (Upgrade or Sec-WebSocket-Accept is wrong)");
        }

        if (Header(lines, "Sec-WebSocket-Extensions") is { } extensions)
        {
            throw Refused($"the server uses the extension '{extensions}', which was not offered");
        }

        // A server that chose nothing, or something else, does not know that MQTT follows.
        if (Header(lines, "Sec-WebSocket-Protocol") is var chosen && chosen != subProtocol)
        {
            throw Refused($"the server chose {(chosen is null ? "no sub-protocol" : $"the sub-protocol '{chosen}'")} instead of '{subProtocol}'; is that an MQTT endpoint?");
        }
    }

    private static string? Header(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }

#pragma warning disable CA5350 // RFC 6455 lays SHA-1 down here; it protects nothing.
    private static string AcceptFor(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptSuffix)));
#pragma warning restore CA5350

    private static TransportException Refused(string message, Exception? cause = null) => new(TransportStage.WebSocket, message, cause);
}
