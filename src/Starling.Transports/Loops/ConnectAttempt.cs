using System.Net;
using System.Net.Sockets;
using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>A connection that is being opened by this side.</summary>
internal sealed class ConnectAttempt(EndPoint endPoint, in ConnectionDetails details)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionDetails _details = details;

    public EndPoint EndPoint { get; } = endPoint;

    public Task Completion => _done.Task;

    /// <summary>Where its driver keeps it.</summary>
    public long DriverKey { get; set; }

    /// <summary>The connection stands: attaches it.</summary>
    public void Succeed(EventLoop loop, TransportSocket socket)
    {
        ConnectionDetails details = _details with { OpenedMonotonicMilliseconds = loop.Now.MonotonicMilliseconds };
        if (loop.Attach(socket, details, []))
        {
            _done.TrySetResult();
        }
        else
        {
            Fail(SocketError.ConnectionAborted);
        }
    }

    public void Fail(SocketError error) => _done.TrySetException(new SocketException((int)error));
}
