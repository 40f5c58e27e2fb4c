using System.Diagnostics.CodeAnalysis;

namespace Starling.Transports.Loops;

/// <summary>The connections of one loop, found by the ticket that a kernel's event carries.</summary>
internal sealed class ConnectionTable
{
    private const int FirstCapacity = 16;

    private readonly Stack<int> _free = new();
    private LoopConnection?[] _connections = new LoopConnection?[FirstCapacity];
    private int[] _generations = new int[FirstCapacity];
    private int _used;

    public int Count => _used - _free.Count;

    public void Add(LoopConnection connection)
    {
        if (!_free.TryPop(out int index))
        {
            index = _used++;
            if (index == _connections.Length)
            {
                Array.Resize(ref _connections, index * 2);
                Array.Resize(ref _generations, index * 2);
            }
        }

        _connections[index] = connection;
        connection.Ticket = new ConnectionTicket(index, _generations[index]);
    }

    public void Remove(LoopConnection connection)
    {
        int index = connection.Ticket.Index;
        _connections[index] = null;
        _generations[index] = (_generations[index] + 1) & int.MaxValue;
        _free.Push(index);
    }

    public bool TryFind(ConnectionTicket ticket, [NotNullWhen(true)] out LoopConnection? connection)
    {
        connection = null;
        if ((uint)ticket.Index < (uint)_used && _generations[ticket.Index] == ticket.Generation)
        {
            connection = _connections[ticket.Index];
        }

        return connection is not null;
    }

    /// <summary>The connection at an index, for a walk over all indexes below <see cref="Capacity"/>.</summary>
    public LoopConnection? this[int index] => _connections[index];

    public int Capacity => _used;
}
