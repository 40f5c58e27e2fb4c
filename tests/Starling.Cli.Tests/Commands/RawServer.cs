using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Starling.Cli.Tests.Commands;

/// <summary>Answers each packet of every connection as it is told, for packets below 128 bytes; null closes the connection.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<byte, byte[]?> _answer;
    private readonly Task _accepting;

    /// <param name="answer">From the first byte of a packet to the answer; empty for none.</param>
    public RawServer(Func<byte, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>A server of 5.0 that accepts everybody and answers PINGREQ with these bytes; null closes the connection.</summary>
    public static RawServer Accepting(byte[]? pingResp) => new(first => (first >> 4) switch
    {
        // Retain Available 0, so that nobody comes to clear retained messages.
        1 => [0x20, 5, 0, 0, 2, 0x25, 0],
        12 => pingResp,
        14 => null,
        _ => [],
    });

    /// <summary>Takes no more connections; those that are open stay.</summary>
    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using (connection)
        {
            NetworkStream stream = connection.GetStream();
            byte[] header = new byte[2];
            while (await stream.ReadAtLeastAsync(header, 2, throwOnEndOfStream: false) == 2)
            {
                await stream.ReadExactlyAsync(new byte[header[1]]);
                if (_answer(header[0]) is not byte[] answer)
                {
                    return;
                }

                await stream.WriteAsync(answer);
            }
        }
    }
}
