using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>Passes connections on to a broker, and keeps every packet that the clients send.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly int _brokerPort;
    private readonly ProxyKind _kind;
    private readonly X509Certificate2? _certificate;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _over = new();
    private readonly List<string> _packets = [];
    private readonly List<string> _notes = [];
    private readonly List<Task> _connections = [];
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public RecordingProxy(int brokerPort, ProxyKind kind, string folder, X509Certificate2? certificate)
    {
        _brokerPort = brokerPort;
        _kind = kind;
        _certificate = certificate;
        UnixPath = Path.Combine(folder, "socket");
        EndPoint place = kind == ProxyKind.Unix ? new UnixDomainSocketEndPoint(UnixPath) : new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(place);
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => (_listener.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    public string UnixPath { get; }

    /// <summary>Done when the broker has acknowledged a subscription.</summary>
    public Task Subscribed => _subscribed.Task;

    /// <summary>What clients have sent, a line for each packet.</summary>
    public async Task<string> EndAsync()
    {
        // What was sent before the client ended is still on its way through.
        await Task.WhenAll(Connections()).WaitAsync(TestContext.Current.CancellationToken);
        lock (_gate)
        {
            return string.Join('\n', _packets);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(Connections()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private Task[] Connections()
    {
        lock (_gate)
        {
            return [.. _connections];
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptAsync(_over.Token);
            lock (_gate)
            {
                _connections.Add(PassAsync(client));
            }
        }
    }

    private async Task PassAsync(Socket client)
    {
        using Socket broker = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Stream outside = new NetworkStream(client, ownsSocket: true);
        try
        {
            await broker.ConnectAsync(IPAddress.Loopback, _brokerPort, _over.Token);
            await using NetworkStream inside = new(broker);
            outside = await OpenAsync(outside);
            Task up = CopyAsync(outside, inside, Record);
            Task down = CopyAsync(inside, outside, LookForSubAck);
            await up;
            broker.Shutdown(SocketShutdown.Send);
            await down;
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client or the broker has gone; what was sent before is recorded.
            broker.Close();
        }
        finally
        {
            await outside.DisposeAsync();
        }
    }

    private async Task<Stream> OpenAsync(Stream outside)
    {
        if (_kind == ProxyKind.Socks)
        {
            await AnswerSocksAsync(outside);
        }

        if (_kind != ProxyKind.Tls)
        {
            return outside;
        }

        SslStream secure = new(outside);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ApplicationProtocols = [new SslApplicationProtocol("mqtt")],
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => Note($"client certificate {certificate?.Subject ?? "none"}"),
            },
            _over.Token);
        Note($"{secure.SslProtocol} {secure.NegotiatedApplicationProtocol}");
        return secure;
    }

    private async Task AnswerSocksAsync(Stream outside)
    {
        byte[] methods = await ReadAsync(outside, (await ReadAsync(outside, 2))[1]);
        byte method = methods.Max();
        await outside.WriteAsync(new byte[] { 5, method }, _over.Token);
        if (method == 2)
        {
            byte[] user = await ReadAsync(outside, (await ReadAsync(outside, 2))[1]);
            byte[] password = await ReadAsync(outside, (await ReadAsync(outside, 1))[0]);
            Note($"proxy login {System.Text.Encoding.UTF8.GetString(user)} {System.Text.Encoding.UTF8.GetString(password)}");
            await outside.WriteAsync(new byte[] { 1, 0 }, _over.Token);
        }

        byte[] request = await ReadAsync(outside, 5);
        byte[] host = await ReadAsync(outside, request[4] + 2);
        Note($"proxy request {Convert.ToHexString(request[..4])} {System.Text.Encoding.UTF8.GetString(host[..^2])}");
        await outside.WriteAsync(new byte[] { 5, 0, 0, 1, 127, 0, 0, 1, 0, 1 }, _over.Token);
    }

    // Told with the first packet: how far a handshake went that failed is not the same in both.
    private bool Note(string text)
    {
        lock (_gate)
        {
            _notes.Add(text);
        }

        return true;
    }

    private async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _over.Token);
        return bytes;
    }

    private async Task CopyAsync(Stream from, Stream to, Action<byte[]> see)
    {
        byte[] first = new byte[1];
        while (await from.ReadAsync(first, _over.Token) == 1)
        {
            List<byte> packet = [first[0]];
            int length = 0;
            byte one;
            int shift = 0;
            do
            {
                one = (await ReadAsync(from, 1))[0];
                packet.Add(one);
                length |= (one & 0x7F) << shift;
                shift += 7;
            }
            while (one >= 0x80);

            packet.AddRange(await ReadAsync(from, length));
            byte[] bytes = [.. packet];
            see(bytes);
            await to.WriteAsync(bytes, _over.Token);
        }
    }

    private void Record(byte[] packet)
    {
        lock (_gate)
        {
            _packets.AddRange(_notes);
            _notes.Clear();
            _packets.Add(Masked(packet));
        }
    }

    private void LookForSubAck(byte[] packet)
    {
        if (packet[0] == 0x90)
        {
            _subscribed.TrySetResult();
        }
    }

    // A client identifier that the tool makes up differs from run to run.
    private static string Masked(byte[] packet)
    {
        string text = Convert.ToHexString(packet);
        int made = packet.AsSpan().IndexOf("mosq-"u8);
        if (packet[0] >> 4 == 1 && made > 0)
        {
            text = text.Replace(Convert.ToHexString(packet.AsSpan(made, 23)), "RANDOM", StringComparison.Ordinal);
        }

        int own = packet.AsSpan().IndexOf("prefix-"u8);
        if (packet[0] >> 4 == 1 && own > 0)
        {
            int digits = packet.AsSpan(own + 7).IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            text = $"CONNECT with prefix- and {(digits < 0 ? "a number" : "more")}";
        }

        return string.Create(CultureInfo.InvariantCulture, $"{packet[0] >> 4} {text}");
    }
}
