using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Starling.Client.Tests.Connecting;

/// <summary>A server on a socket that can hold at each stage of a connect, or go through all of them.</summary>
internal sealed class StageServer : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _authority = new();
    private readonly Socket _listener;
    private readonly List<IDisposable> _open = [];
    private readonly string _scheme;

    public StageServer(string scheme)
    {
        _scheme = scheme;
        string path = Path.Combine(_authority.Folder, "mqtt.sock");
        EndPoint bind = scheme == "unix" ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(bind);
        _listener.Listen();
        Address = _listener.LocalEndPoint is IPEndPoint bound ? new Uri($"{scheme}://127.0.0.1:{bound.Port}") : new Uri($"unix://{path}");
    }

    public Uri Address { get; }

    public static CancellationToken Timeout => new CancellationTokenSource(Patience).Token;

    /// <summary>Options with this server only.</summary>
    public MqttClientOptions Options()
    {
        MqttClientOptions options = new() { ClientId = "c", ConnectTimeout = Patience };
        options.Servers.Add(Address);
        options.Tls.CaFile = _authority.RootFile;
        return options;
    }

    /// <summary>Takes the next connection up to the stage and holds there, when the client has sent something towards it.</summary>
    public async Task<Stream> AcceptAsync(ConnectStage hold)
    {
        Socket socket = await _listener.AcceptAsync(Timeout);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        _open.Add(stream);
        if (_scheme is "mqtts" or "wss")
        {
            if (hold == ConnectStage.Tls)
            {
                await stream.ReadExactlyAsync(new byte[5], Timeout);
                return stream;
            }

            SslStream tls = new(stream);
            _open.Add(tls);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _authority.Issue("127.0.0.1") }, Timeout);
            stream = tls;
        }

        if (_scheme is "ws" or "wss")
        {
            string request = await ReadHeadAsync(stream);
            if (hold == ConnectStage.WebSocket)
            {
                return stream;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer(request)), Timeout);
            stream = WebSocketStream.Create(
                WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = "mqtt" }), WebSocketMessageType.Binary, ownsWebSocket: true);
            _open.Add(stream);
        }

        return stream;
    }

    /// <summary>Takes the next connection through all stages, reads CONNECT, and answers it.</summary>
    public async Task<Stream> AcceptAsync(string connAck)
    {
        Stream stream = await AcceptAsync(ConnectStage.Connack);
        await ReadPacketAsync(stream);
        await stream.WriteAsync(ScriptedServer.Bytes(connAck), Timeout);
        return stream;
    }

    /// <summary>A packet of less than 128 bytes.</summary>
    public static async Task<string> ReadPacketAsync(Stream stream)
    {
        byte[] head = new byte[2];
        await stream.ReadExactlyAsync(head, Timeout);
        byte[] body = new byte[head[1]];
        await stream.ReadExactlyAsync(body, Timeout);
        return Convert.ToHexString(head) + Convert.ToHexString(body);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _open.ForEach(static one => one.Dispose());
        _authority.Dispose();
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, Timeout);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static string Answer(string request)
    {
        string key = request.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))[19..];
#pragma warning disable CA5350 // RFC 6455 lays SHA-1 down here; it protects nothing.
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        return $"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    }
}
