using System.Net.Sockets;

namespace Starling.Transports.Loops;

/// <summary>A driver that also opens connections. All members are called on the loop's thread.</summary>
internal interface ISocketDriver : ILoopDriver
{
    /// <summary>Accepts connections of a listening socket, which it owns from now on; false when the system refuses.</summary>
    bool TryAddListener(Socket socket, string name);

    /// <summary>Closes all listeners, so that their ports are free when it returns.</summary>
    void RemoveListeners();

    void BeginConnect(ConnectAttempt attempt);

    /// <summary>Gives up an attempt that is still under way; harmless after its end.</summary>
    void CancelConnect(ConnectAttempt attempt);
}
