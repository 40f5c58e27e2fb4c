using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Starling.Transports.Streams;
using Starling.Transports.Tests.Sockets;

namespace Starling.Transports.Tests.Streams;

/// <summary>The far end of streams: one listener, and what a server does at each stage unless a test does something else.</summary>
internal sealed class StreamServer : IDisposable
{
    private readonly Socket _listener;
    private readonly List<IDisposable> _open = [];

    public StreamServer(StreamKind kind)
    {
        Kind = kind;
        Certificate = Authority.Issue();
        EndPoint bind = kind == StreamKind.Unix
            ? new UnixDomainSocketEndPoint(Path.Combine(Authority.Folder, "socket"))
            : new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new Socket(bind.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(bind);
        _listener.Listen();
        EndPoint = kind == StreamKind.Unix ? bind : new DnsEndPoint("localhost", ((IPEndPoint)_listener.LocalEndPoint!).Port, AddressFamily.InterNetwork);
    }

    public StreamKind Kind { get; }

    public TestAuthority Authority { get; } = new();

    public X509Certificate2 Certificate { get; set; }

    public EndPoint EndPoint { get; }

    public bool WantsClientCertificate { get; set; }

    public SslServerAuthenticationOptions Tls { get; } = new();

    /// <summary>The request of the last WebSocket.</summary>
    public string Request { get; private set; } = string.Empty;

    /// <summary>The client's side, as a test that wants nothing else needs it.</summary>
    public ConnectTarget Target(
        TlsSettings? tls = null, Func<HttpRequestMessage, ValueTask>? request = null, Action<TransportException>? broke = null, string address = "ws://localhost:7/mqtt?a=b") => new()
    {
        EndPoint = EndPoint,
        Tls = Kind is StreamKind.Tls or StreamKind.SecureWebSocket ? tls ?? new TlsSettings { CaFile = Authority.RootFile } : null,
        WebSocket = Kind is StreamKind.WebSocket or StreamKind.SecureWebSocket
            ? new WebSocketSettings { Address = new Uri(address), Request = request }
            : null,
        Broke = broke,
    };

    /// <summary>Accepts a connection and takes it through its stages.</summary>
    public async Task<Stream> AcceptAsync()
    {
        Stream stream = await AcceptPlainAsync();
        if (Kind is StreamKind.Tls or StreamKind.SecureWebSocket)
        {
            stream = await SecureAsync(stream);
        }

        return Kind is StreamKind.WebSocket or StreamKind.SecureWebSocket ? await UpgradeAsync(stream) : stream;
    }

    public async Task<NetworkStream> AcceptPlainAsync()
    {
        using CancellationTokenSource timeout = new(Harness.Patience);
        Socket socket = await _listener.AcceptAsync(timeout.Token);
        NetworkStream stream = new(socket, ownsSocket: true)
        {
            ReadTimeout = (int)Harness.Patience.TotalMilliseconds,
            WriteTimeout = (int)Harness.Patience.TotalMilliseconds,
        };
        _open.Add(stream);
        return stream;
    }

    public async Task<SslStream> SecureAsync(Stream stream)
    {
        SslStream tls = new(stream);
        _open.Add(tls);
        Tls.ServerCertificate = Tls.ServerCertificateSelectionCallback is null ? Certificate : null;
        Tls.ClientCertificateRequired = WantsClientCertificate;
        Tls.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null || !WantsClientCertificate;
        using CancellationTokenSource timeout = new(Harness.Patience);
        try
        {
            await tls.AuthenticateAsServerAsync(Tls, timeout.Token);
            return tls;
        }
        catch (AuthenticationException)
        {
            // As a server does that refuses a client.
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes the request; the answer is the caller's.</summary>
    public async Task<string> ReadRequestAsync(Stream stream)
    {
        using CancellationTokenSource timeout = new(Harness.Patience);
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await stream.ReadAsync(one, timeout.Token));
            head.Append((char)one[0]);
        }

        Request = head.ToString();
        return Request;
    }

    /// <summary>The answer that a server owes to the last request.</summary>
    public string Answer()
    {
#pragma warning disable CA5350 // RFC 6455 lays SHA-1 down here; it protects nothing.
        string key = Request.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))[19..];
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        return $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nsec-websocket-accept: {accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    }

    public void Dispose()
    {
        _listener.Dispose();
        _open.ForEach(static one => one.Dispose());
        Authority.Dispose();
    }

    private async Task<Stream> UpgradeAsync(Stream stream)
    {
        await ReadRequestAsync(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer()));
        WebSocketBytes bytes = new(WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = "mqtt" }));
        _open.Add(bytes);
        return bytes;
    }
}
