using System.Net.Sockets;

namespace Starling.Transports.Portable;

/// <summary>A listening socket: one accept is under way at a time.</summary>
internal sealed class PortableListener : IDisposable
{
    private readonly PortableDriver _driver;
    private readonly Socket _socket;
    private readonly SocketAsyncEventArgs _accept = new();
    private bool _isAccepting;
    private bool _isDisposed;

    public PortableListener(PortableDriver driver, Socket socket, string name)
    {
        _driver = driver;
        _socket = socket;
        Name = name;
        _accept.Completed += (_, _) => Enqueue();
    }

    public string Name { get; }

    public void Accept()
    {
        if (_isAccepting || _isDisposed)
        {
            return;
        }

        _isAccepting = true;
        _accept.AcceptSocket = null;
        if (!_socket.AcceptAsync(_accept))
        {
            Enqueue();
        }
    }

    public void Completed(Socket? accepted, SocketError error)
    {
        _isAccepting = false;
        if (_isDisposed)
        {
            accepted?.Dispose();
            _accept.Dispose();
            return;
        }

        _driver.OnAccepted(this, accepted, error);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
    }

    private void Enqueue() => _driver.Enqueue(PortableCompletion.OfListener(this, _accept.AcceptSocket, _accept.SocketError));
}
