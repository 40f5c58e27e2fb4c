using Starling.Conformance.Wire;
using Starling.Crash.Wire;
using Starling.Protocol;

namespace Starling.Crash.Clients;

/// <summary>What a client knows about the messages that it receives: part of its session, so that it outlives connections.</summary>
internal sealed class Receipts
{
    private readonly HashSet<int> _notReleased = [];
    private readonly Queue<byte[]> _heldBack = new();
    private int _lag;

    /// <summary>Every QoS 2 message is released, and every acknowledgement sent.</summary>
    public bool AreDone => _notReleased.Count == 0 && _heldBack.Count == 0;

    /// <summary>A new connection: what was not acknowledged will come again. So many acknowledgements are kept back.</summary>
    public void Restart(int lag)
    {
        _heldBack.Clear();
        _lag = lag;
    }

    /// <summary>The broker has another session, in which identifiers mean other messages.</summary>
    public void Forget() => _notReleased.Clear();

    /// <summary>Whether the message is not one of QoS 2 that came before and is not released.</summary>
    public bool IsNew(WirePacket publish) => publish.Qos < 2 || _notReleased.Add(publish.Identifier);

    public void Acknowledge(Link link, WirePacket publish)
    {
        if (publish.Qos > 0)
        {
            _heldBack.Enqueue(PacketBytes.Acknowledge(publish.Qos == 1 ? PacketType.PubAck : PacketType.PubRec, publish.Identifier));
            if (_heldBack.Count > _lag)
            {
                link.Send(_heldBack.Dequeue());
            }
        }
    }

    /// <summary>PUBREL has come.</summary>
    public void Release(Link link, int identifier)
    {
        _notReleased.Remove(identifier);
        link.Send(PacketBytes.Acknowledge(PacketType.PubComp, identifier));
    }

    /// <summary>Sends what was kept back, and keeps nothing back until the next connection.</summary>
    public void CatchUp(Link? link)
    {
        _lag = 0;
        while (_heldBack.TryDequeue(out byte[]? acknowledgement))
        {
            link?.Send(acknowledgement);
        }
    }
}
