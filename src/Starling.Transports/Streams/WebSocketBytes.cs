using System.Net.WebSockets;

namespace Starling.Transports.Streams;

/// <summary>
/// The bytes in the binary messages of a WebSocket: packets and frames need not line up [MQTT-6.0.0-2]. One read and one write at a time,
/// both asynchronous.
/// </summary>
internal sealed class WebSocketBytes(WebSocket socket) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
                switch (received.MessageType)
                {
                    case WebSocketMessageType.Close:
                        return 0;
                    case WebSocketMessageType.Text:
                        // Anything but binary ends the connection [MQTT-6.0.0-1].
                        throw new TransportException(TransportStage.WebSocket, "the server sent a text frame; MQTT travels in binary ones");
                    case WebSocketMessageType.Binary when received.Count > 0:
                        return received.Count;
                }
            }
        }
        catch (WebSocketException fault)
        {
            throw new IOException(fault.InnerException?.Message ?? fault.Message, fault);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException fault)
        {
            throw new IOException(fault.InnerException?.Message ?? fault.Message, fault);
        }
    }

    /// <summary>Sends the closing frame; nothing can be written behind it.</summary>
    public async Task EndWritingAsync()
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WebSocketException fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }

        base.Dispose(disposing);
    }
}
