using System.Net.Sockets;
using MQTTnet.Exceptions;

namespace Starling.Crash.Clients;

/// <summary>Calls of MQTTnet that fail when the broker is killed.</summary>
internal static class ForeignCall
{
    /// <summary>False: the connection ended before the answer, or there was none.</summary>
    public static async Task<bool> TryAsync(Func<CancellationToken, Task> call, CancellationToken cancellation)
    {
        try
        {
            // A client that is disposed while it connects does not always end the call.
            await call(cancellation).WaitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or ObjectDisposedException or SocketException or IOException or InvalidOperationException)
        {
            return false;
        }
    }
}
