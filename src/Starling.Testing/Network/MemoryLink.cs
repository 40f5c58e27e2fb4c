using Starling.Transports.InMemory;

namespace Starling.Testing.Network;

/// <summary>A connection: what one end has sent is carried to the other. It holds as much as the buffers of a real one would.</summary>
internal sealed class MemoryLink
{
    private const int BufferBytes = 64 * 1024;

    private readonly InMemoryPeer _client;
    private readonly InMemoryPeer _broker;
    private bool _isClientDone;
    private bool _isBrokerDone;

    public MemoryLink(InMemoryPeer client, InMemoryPeer broker)
    {
        _client = client;
        _broker = broker;
        client.AcceptBytesMax = BufferBytes;
        broker.AcceptBytesMax = BufferBytes;
    }

    /// <summary>Both ends are closed, and all was carried.</summary>
    public bool IsOver => _isClientDone && _isBrokerDone;

    /// <summary>Carries what can be carried now; false when there was nothing.</summary>
    public bool Carry()
    {
        bool isForth = !_isClientDone && Carry(_client, _broker, ref _isClientDone);
        bool isBack = !_isBrokerDone && Carry(_broker, _client, ref _isBrokerDone);
        return isForth || isBack;
    }

    /// <summary>The network breaks: both ends find their connection reset, and what was on the way is lost.</summary>
    public void Cut()
    {
        _client.ResetByPeer();
        _broker.ResetByPeer();
        _isClientDone = true;
        _isBrokerDone = true;
    }

    private static bool Carry(InMemoryPeer from, InMemoryPeer to, ref bool isDone)
    {
        int room = BufferBytes - to.UnreceivedBytes;
        if (to.End is null && room > 0 && from.AvailableBytes > 0)
        {
            to.Write(from.Read(room));
            return true;
        }

        if (!from.IsClosed || (from.AvailableBytes > 0 && to.End is null))
        {
            return false;
        }

        isDone = true;
        if (from.IsReset)
        {
            to.ResetByPeer();
        }
        else
        {
            to.CloseByPeer();
        }

        return true;
    }
}
