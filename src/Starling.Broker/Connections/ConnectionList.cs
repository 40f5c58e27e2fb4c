namespace Starling.Broker.Connections;

/// <summary>All connections of a shard, linked through themselves.</summary>
internal sealed class ConnectionList
{
    private BrokerConnection? _first;

    public int Count { get; private set; }

    public void Add(BrokerConnection connection)
    {
        connection.Following = _first;
        if (_first is not null)
        {
            _first.Previous = connection;
        }

        _first = connection;
        Count++;
    }

    public void Remove(BrokerConnection connection)
    {
        if (connection.Previous is null && _first != connection)
        {
            return;
        }

        if (connection.Previous is { } previous)
        {
            previous.Following = connection.Following;
        }
        else
        {
            _first = connection.Following;
        }

        if (connection.Following is { } following)
        {
            following.Previous = connection.Previous;
        }

        connection.Previous = null;
        connection.Following = null;
        Count--;
    }

    public BrokerConnection[] ToArray()
    {
        BrokerConnection[] all = new BrokerConnection[Count];
        int i = 0;
        for (BrokerConnection? connection = _first; connection is not null; connection = connection.Following)
        {
            all[i++] = connection;
        }

        return all;
    }
}
