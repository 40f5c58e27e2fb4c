using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Starling.Cli.Mosquitto;

/// <summary>Opens the stream to the broker: TCP or a Unix socket, through a proxy when asked for, under TLS when asked for.</summary>
internal sealed class MosquittoConnector(MosquittoSettings settings)
{
    public const int PlainPort = 1883;
    public const int SecurePort = 8883;

    private const byte SocksVersion = 5;
    private const byte SocksNoLogin = 0;
    private const byte SocksLogin = 2;
    private const byte SocksName = 3;

    // Port 0 makes the host the path of a socket.
    private string? UnixPath => settings.UnixPath ?? (settings.Port == 0 ? settings.Host : null);

    private int Port => settings.Port ?? (settings.Tls.HasAuthority ? SecurePort : PlainPort);

    /// <summary>Opens it.</summary>
    /// <exception cref="MosquittoConnectException">It could not be opened.</exception>
    public async Task<Stream> ConnectAsync(CancellationToken ct)
    {
        Socket socket = await OpenSocketAsync(ct).ConfigureAwait(false);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (UnixPath is not null)
            {
                return stream;
            }

            if (settings.Proxy is { } proxy)
            {
                await PassAsync(stream, proxy, ct).ConfigureAwait(false);
            }

            // mosquitto takes the usual port of TLS for the wish to speak it.
            bool isSecure = settings.Tls.HasAuthority || settings.Tls.UsesSystemAuthorities || Port == SecurePort;
            return isSecure ? await MosquittoTlsStream.OpenAsync(stream, settings, ct).ConfigureAwait(false) : stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Socket> OpenSocketAsync(CancellationToken ct)
    {
        if (UnixPath is { } path)
        {
            return await ConnectAsync([CreateUnixEndPoint(path)], ct).ConfigureAwait(false);
        }

        string host = settings.Proxy?.Host ?? settings.Host;
        int port = settings.Proxy?.Port ?? Port;
        IPAddress[] addresses = await LookUpAsync(host, ct).ConfigureAwait(false);
        return await ConnectAsync([.. addresses.Select(address => new IPEndPoint(address, port))], ct).ConfigureAwait(false);
    }

    private static UnixDomainSocketEndPoint CreateUnixEndPoint(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException)
        {
            throw Failed(MosquittoError.Invalid);
        }
    }

    private async Task<Socket> ConnectAsync(EndPoint[] places, CancellationToken ct)
    {
        SocketException? last = null;
        foreach (EndPoint place in places)
        {
            ProtocolType protocol = place is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp;
            Socket socket = new(place.AddressFamily, SocketType.Stream, protocol);
            try
            {
                await BindAsync(socket, place, ct).ConfigureAwait(false);
                await socket.ConnectAsync(place, ct).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException fault)
            {
                socket.Dispose();
                last = fault;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        // The runtime has no code of its own for a socket file that is not there.
        string? why = UnixPath is { } path && !File.Exists(path) ? "No such file or directory" : last?.Message;
        throw new MosquittoConnectException(MosquittoError.OutOfMemory, $"Error: {why}\n", isBegun: false);
    }

    private async Task BindAsync(Socket socket, EndPoint place, CancellationToken ct)
    {
        if (place is not IPEndPoint)
        {
            return;
        }

        socket.NoDelay = settings.NoDelay;
        if (settings.BindAddress is { } bind)
        {
            IPAddress[] own = await LookUpAsync(bind, ct).ConfigureAwait(false);
            IPAddress? fitting = own.FirstOrDefault(address => address.AddressFamily == place.AddressFamily);
            socket.Bind(new IPEndPoint(fitting ?? throw new SocketException((int)SocketError.AddressNotAvailable), 0));
        }
    }

    private static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            return [address];
        }

        try
        {
            IPAddress[] found = host.Length == 0 ? [] : await Dns.GetHostAddressesAsync(host, ct).ConfigureAwait(false);
            return found.Length > 0 ? found : throw Failed(MosquittoError.Lookup);
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            throw Failed(MosquittoError.Lookup);
        }
    }

    // RFC 1928, and RFC 1929 where there is a user name. The proxy looks the name up.
    private async Task PassAsync(Stream stream, SocksProxy proxy, CancellationToken ct)
    {
        try
        {
            byte method = proxy.UserName is null ? SocksNoLogin : SocksLogin;
            await stream.WriteAsync(new byte[] { SocksVersion, 1, method }, ct).ConfigureAwait(false);
            byte[] chosen = await ReadAsync(stream, 2, ct).ConfigureAwait(false);
            Require(chosen[0] == SocksVersion && chosen[1] == method);
            if (method == SocksLogin)
            {
                byte[] user = Encoding.UTF8.GetBytes(proxy.UserName ?? "");
                byte[] password = Encoding.UTF8.GetBytes(proxy.Password ?? "");
                byte[] claim = [1, (byte)user.Length, .. user, (byte)password.Length, .. password];
                await stream.WriteAsync(claim, ct).ConfigureAwait(false);
                byte[] login = await ReadAsync(stream, 2, ct).ConfigureAwait(false);
                Require(login[1] == 0);
            }

            byte[] host = Encoding.ASCII.GetBytes(settings.Host);
            byte[] port = new byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16BigEndian(port, (ushort)Port);
            byte[] request = [SocksVersion, 1, 0, SocksName, (byte)host.Length, .. host, .. port];
            await stream.WriteAsync(request, ct).ConfigureAwait(false);
            byte[] answer = await ReadAsync(stream, 5, ct).ConfigureAwait(false);
            Require(answer[0] == SocksVersion && answer[1] == 0);

            // The address that the proxy took is of no use here, but must be read away.
            int addressBytes = answer[3] switch { 1 => 4, 4 => 16, _ => answer[4] + 1 };
            await ReadAsync(stream, addressBytes - 1 + sizeof(ushort), ct).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw Refused();
        }
    }

    private static void Require(bool isSo)
    {
        if (!isSo)
        {
            throw Refused();
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count, CancellationToken ct)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, ct).ConfigureAwait(false);
        return bytes;
    }

    private static MosquittoConnectException Refused() =>
        new(MosquittoError.Proxy, $"Error: {MosquittoWords.Of(MosquittoError.Proxy)}\n", isBegun: true);

    private static MosquittoConnectException Failed(MosquittoError error) =>
        new(MosquittoError.OutOfMemory, string.Create(CultureInfo.InvariantCulture, $"Unable to connect ({MosquittoWords.Of(error)}).\n"), isBegun: false);
}
