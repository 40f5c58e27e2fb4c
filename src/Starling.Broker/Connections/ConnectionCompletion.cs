using Starling.Broker.Ports;

namespace Starling.Broker.Connections;

/// <summary>
/// The answer of a port for one connection: taken on any thread, handled on the connection's shard, and ignored when the connection has ended
/// meanwhile.
/// </summary>
internal sealed class ConnectionCompletion<T>(BrokerConnection connection, Action<BrokerConnection, T> handle) : ICompletion<T>
{
    private int _isUsed;

    public void Complete(T result)
    {
        if (Interlocked.Exchange(ref _isUsed, 1) == 0)
        {
            connection.Shard.Mail.PostFromOutside(() =>
            {
                if (!connection.IsDetached)
                {
                    handle(connection, result);
                }
            });
        }
    }
}
