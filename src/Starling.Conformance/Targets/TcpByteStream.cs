using System.Net.Sockets;

namespace Starling.Conformance.Targets;

/// <summary>A TCP connection.</summary>
internal sealed class TcpByteStream(Socket socket, TimeProvider time) : IByteStream
{
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, cancellation).ConfigureAwait(false)..];
            }

            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer has cut the connection; what it said before that can still be read.
            return false;
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> destination, TimeSpan limit, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = new(limit, time);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await socket.ReceiveAsync(destination, both.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A reset ends the connection as well as an orderly close does.
            return 0;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return -1;
        }
    }

    public void Abort()
    {
        // It may have ended already; then there is nothing left to break.
        if (!socket.SafeHandle.IsClosed)
        {
            socket.LingerState = new LingerOption(true, 0);
        }

        socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
