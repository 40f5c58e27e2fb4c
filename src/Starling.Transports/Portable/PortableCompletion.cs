using System.Net.Sockets;

namespace Starling.Transports.Portable;

/// <summary>Something that an asynchronous socket call has done: what became readable, was sent, or was accepted.</summary>
/// <param name="Socket">The connection; null when this is of a listener.</param>
/// <param name="IsSend">Whether the background send has ended; else the watch for reading has.</param>
/// <param name="Listener">The listener; null when this is of a connection.</param>
/// <param name="Accepted">What it accepted.</param>
/// <param name="Error">How it went; the watch for reading keeps its own.</param>
internal readonly record struct PortableCompletion(
    PortableSocket? Socket, bool IsSend, PortableListener? Listener, Socket? Accepted, SocketError Error)
{
    public static PortableCompletion Readable(PortableSocket socket) => new(socket, false, null, null, SocketError.Success);

    public static PortableCompletion Sent(PortableSocket socket, SocketError error) => new(socket, true, null, null, error);

    public static PortableCompletion OfListener(PortableListener listener, Socket? accepted, SocketError error) =>
        new(null, false, listener, accepted, error);

    public void Handle(PortableDriver driver)
    {
        if (Listener is not null)
        {
            Listener.Completed(Accepted, Error);
        }
        else if (IsSend)
        {
            Socket?.SendCompleted(Error);
        }
        else
        {
            Socket?.ReadingCompleted(driver);
        }
    }
}
