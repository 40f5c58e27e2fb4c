using System.Net.Sockets;
using System.Net.WebSockets;

namespace Starling.Conformance.Targets;

/// <summary>MQTT in the frames of a WebSocket.</summary>
internal sealed class WebSocketByteStream(WebSocket webSocket, Socket socket, string? subprotocol, TimeProvider time) : IByteStream
{
    /// <summary>What waits for bytes, kept over a time-out: cancelling a receive would break the WebSocket.</summary>
    private Task<ValueWebSocketReceiveResult>? _receiving;
    private readonly byte[] _buffer = new byte[4096];
    private int _start;
    private int _count;

    /// <summary>The subprotocol that the server has selected; null: none.</summary>
    public string? Subprotocol { get; } = subprotocol;

    /// <summary>Whether the server has sent a text frame, which MQTT has no use for.</summary>
    public bool HasTextCome { get; private set; }

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        SendFrameAsync(bytes, WebSocketMessageType.Binary, isLast: true, cancellation);

    /// <summary>Sends one frame of any kind.</summary>
    public async ValueTask<bool> SendFrameAsync(
        ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool isLast, CancellationToken cancellation)
    {
        try
        {
            await webSocket.SendAsync(bytes, type, isLast, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (IsEnd(e))
        {
            return false;
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> destination, TimeSpan limit, CancellationToken cancellation)
    {
        // Empty frames say nothing, however many there are.
        while (_count == 0)
        {
            cancellation.ThrowIfCancellationRequested();
            _receiving ??= webSocket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None).AsTask();
            try
            {
                ValueWebSocketReceiveResult received = await _receiving.WaitAsync(limit, time, cancellation).ConfigureAwait(false);
                _receiving = null;
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return 0;
                }

                HasTextCome |= received.MessageType == WebSocketMessageType.Text;
                (_start, _count) = (0, received.Count);
            }
            catch (TimeoutException)
            {
                return -1;
            }
            catch (Exception e) when (IsEnd(e))
            {
                return 0;
            }
        }

        int taken = Math.Min(_count, destination.Length);
        _buffer.AsMemory(_start, taken).CopyTo(destination);
        _start += taken;
        _count -= taken;
        return taken;
    }

    public void Abort()
    {
        // It may have ended already; then there is nothing left to break.
        if (!socket.SafeHandle.IsClosed)
        {
            socket.LingerState = new LingerOption(true, 0);
        }

        webSocket.Abort();
        socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        webSocket.Dispose();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsEnd(Exception e) =>
        e is WebSocketException or IOException or SocketException or ObjectDisposedException or InvalidOperationException;
}
