using System.Buffers;

namespace Starling.Broker.Routing;

/// <summary>The nodes that a topic has reached on one level: on the stack while they are few, else in a rented array.</summary>
internal ref struct NodeFrontier(Span<SubscriptionNode?> buffer)
{
    private Span<SubscriptionNode?> _nodes = buffer;
    private SubscriptionNode?[]? _rented;
    private int _count;

    public readonly ReadOnlySpan<SubscriptionNode?> Nodes => _nodes[.._count];

    public void Clear() => _count = 0;

    public void Add(SubscriptionNode? node)
    {
        if (node is null)
        {
            return;
        }

        if (_count == _nodes.Length)
        {
            Grow();
        }

        _nodes[_count++] = node;
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<SubscriptionNode?>.Shared.Return(_rented, clearArray: true);
            _rented = null;
        }
    }

    private void Grow()
    {
        SubscriptionNode?[] larger = ArrayPool<SubscriptionNode?>.Shared.Rent(_nodes.Length * 2);
        _nodes.CopyTo(larger);
        Dispose();
        _rented = larger;
        _nodes = larger;
    }
}
