using System.Security.Cryptography;
using System.Text;

namespace Starling.Conformance.Targets;

/// <summary>The client's side of the opening handshake of RFC 6455.</summary>
internal sealed class WebSocketHandshake(string authority, string path, string? subprotocol)
{
    private const int ResponseBytesMax = 16 * 1024;
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    // The key only shows that an answer belongs to this request; nothing is secret about it.
    private static readonly string Key = Convert.ToBase64String("starling-conform"u8);

    /// <summary>The subprotocol that the server has selected; null: none.</summary>
    public string? Selected { get; private set; }

    /// <summary>Sends the request and reads the answer, up to the first byte of the frames behind it.</summary>
    /// <exception cref="IOException">The connection was cut.</exception>
    public async Task<bool> IsAcceptedAsync(Stream stream, CancellationToken cancellation)
    {
        string request = $"GET {path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\n"
            + (subprotocol is null ? "\r\n" : $"Sec-WebSocket-Protocol: {subprotocol}\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), cancellation).ConfigureAwait(false);
        string[] lines = (await ReadHeadAsync(stream, cancellation).ConfigureAwait(false)).Split("\r\n");
        Selected = Header(lines, "Sec-WebSocket-Protocol");
        return lines[0].Split(' ') is [_, "101", ..] && Header(lines, "Sec-WebSocket-Accept") == ExpectedAccept();
    }

    private static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancellation)
    {
        List<byte> head = [];
        byte[] next = new byte[1];
        while (head.Count < ResponseBytesMax && await stream.ReadAsync(next, cancellation).ConfigureAwait(false) == 1)
        {
            head.Add(next[0]);
            if (next[0] == '\n' && head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n')
            {
                break;
            }
        }

        return Encoding.Latin1.GetString([.. head]);
    }

    private static string? Header(string[] lines, string name) => lines
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();

#pragma warning disable CA5350 // RFC 6455 lays SHA-1 down here; it protects nothing.
    private static string ExpectedAccept() => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(Key + AcceptSuffix)));
#pragma warning restore CA5350
}
