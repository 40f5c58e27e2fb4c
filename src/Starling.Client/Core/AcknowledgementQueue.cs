using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Client.Core;

/// <summary>The deliveries of one connection and one QoS whose acknowledgement has not left, in their order. The loop's thread.</summary>
internal sealed class AcknowledgementQueue
{
    /// <summary>After so long the delivery that holds others back is named.</summary>
    public const long NameAfterMilliseconds = 30_000;

    private readonly Queue<(IncomingToken Token, string Topic)> _open = new();
    private readonly HashSet<long> _marked = [];
    private long _heldSince = long.MaxValue;
    private bool _isNamed;

    /// <summary>How many acknowledgements were given and wait for an earlier one.</summary>
    public int Held => _marked.Count;

    /// <summary>The monotonic time at which <see cref="TryTakeOverdue"/> gives something.</summary>
    public long Deadline => _marked.Count == 0 || _isNamed ? long.MaxValue : _heldSince + NameAfterMilliseconds;

    public void Add(in IncomingToken token, string topic) => _open.Enqueue((token, topic));

    public void Mark(in IncomingToken token, in Instant now)
    {
        // A token of an earlier connection has no place in this order.
        if (!_open.TryPeek(out (IncomingToken Token, string Topic) first)
            || token.Connection != first.Token.Connection || token.Number < first.Token.Number)
        {
            return;
        }

        bool wasHolding = _marked.Count > 0;
        _marked.Add(token.Number);
        bool isFreed = false;
        while (_open.TryPeek(out first) && _marked.Remove(first.Token.Number))
        {
            _open.Dequeue();
            isFreed = true;
        }

        if (isFreed || !wasHolding)
        {
            _heldSince = now.MonotonicMilliseconds;
            _isNamed = false;
        }
    }

    /// <summary>What has held others back for so long; once for each.</summary>
    public bool TryTakeOverdue(in Instant now, out ushort packetIdentifier, out string topic)
    {
        (packetIdentifier, topic) = (0, string.Empty);
        if (now.MonotonicMilliseconds < Deadline || !_open.TryPeek(out (IncomingToken Token, string Topic) first))
        {
            return false;
        }

        (packetIdentifier, topic) = (first.Token.PacketIdentifier, first.Topic);
        _isNamed = true;
        return true;
    }
}
