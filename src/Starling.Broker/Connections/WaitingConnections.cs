namespace Starling.Broker.Connections;

/// <summary>The connections of a shard with answers that wait for storage.</summary>
internal sealed class WaitingConnections
{
    private List<BrokerConnection> _waiting = [];
    private List<BrokerConnection> _spare = [];
    private bool _isReleasing;
    private bool _isAsked;

    public void Add(BrokerConnection connection) => _waiting.Add(connection);

    /// <summary>Sends what is stored by now. What is sent may end sessions, which asks for this again in the middle of it.</summary>
    public void Release(ulong committedLsn)
    {
        _isAsked = true;
        if (_isReleasing)
        {
            return;
        }

        _isReleasing = true;
        try
        {
            while (_isAsked)
            {
                _isAsked = false;
                ReleaseOnce(committedLsn);
            }
        }
        finally
        {
            _isReleasing = false;
        }
    }

    private void ReleaseOnce(ulong committedLsn)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        (List<BrokerConnection> waiting, _waiting) = (_waiting, _spare);
        foreach (BrokerConnection connection in waiting)
        {
            if (connection.Pending is not { } pending)
            {
                continue;
            }

            pending.Release(committedLsn);
            if (pending.Count > 0)
            {
                _waiting.Add(connection);
            }
            else
            {
                connection.Resume(PauseReason.Acknowledgements);
            }
        }

        waiting.Clear();
        _spare = waiting;
    }
}
