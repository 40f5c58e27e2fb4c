using System.Net;
using System.Net.Sockets;
using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Crash.Wire;

/// <summary>One TCP connection: sends without waiting, and hands each packet over until the last byte that the broker has sent.</summary>
internal sealed class Link
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly PacketBuffer _buffer;
    private List<byte> _unsent = [];
    private bool _isSending;
    private bool _isEnded;

    private Link(Socket socket, MqttVersion version)
    {
        _socket = socket;
        _buffer = new PacketBuffer(version);
    }

    /// <summary>Done when the connection has ended and all its packets have been handed over; never fails.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Null: nobody listens.</summary>
    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="version">The version in which packets are read.</param>
    /// <param name="take">Gets each packet, on one thread at a time.</param>
    public static async Task<Link?> OpenAsync(int port, MqttVersion version, Action<Link, WirePacket> take)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        Link link = new(socket, version);
        link.Ended = Task.Run(() => link.ReceiveAsync(take));
        return link;
    }

    /// <summary>Sends when it can; after the end the bytes are forgotten.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            _unsent.AddRange(packet);
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = Task.Run(SendAllAsync);
    }

    /// <summary>Closes without a word, as a client does that dies.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            _isEnded = true;
        }

        _socket.Dispose();
    }

    private async Task SendAllAsync()
    {
        List<byte> spare = [];
        while (true)
        {
            List<byte> bytes;
            lock (_gate)
            {
                if (_isEnded || _unsent.Count == 0)
                {
                    _isSending = false;
                    return;
                }

                spare.Clear();
                (bytes, _unsent) = (_unsent, spare);
            }

            try
            {
                await _socket.SendAsync(bytes.ToArray()).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The broker is gone. What it sent before is still to be read, so only sending ends.
                lock (_gate)
                {
                    _isEnded = true;
                }
            }

            spare = bytes;
        }
    }

    private async Task ReceiveAsync(Action<Link, WirePacket> take)
    {
        try
        {
            while (await _socket.ReceiveAsync(_buffer.Room()).ConfigureAwait(false) is > 0 and int count)
            {
                _buffer.Add(count);
                while (_buffer.Take() is { } packet)
                {
                    take(this, packet);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or CaseFailedException)
        {
            // The end of the connection, which is what this method waits for.
        }

        Abort();
    }
}
