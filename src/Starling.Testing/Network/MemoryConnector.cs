using Starling.Client;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Testing.Network;

/// <summary>Connects one client to whoever listens in the network.</summary>
internal sealed class MemoryConnector(MemoryNetwork network) : ITransportConnector
{
    private InMemoryLoopGroup? _group;
    private int _users;

    public void Start(ILoopClient client)
    {
        if (Interlocked.Increment(ref _users) > 1)
        {
            // That client will dispose this too, which must not take the loop of the first one away.
            throw new InvalidOperationException("These options are in use by another client; make new ones for each with CreateClientOptions.");
        }

        _group = network.Add(1, _ => client);
    }

    public ValueTask ConnectAsync(Uri server, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        network.Connect(_group ?? throw new InvalidOperationException("Not started."));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _group is { } group)
        {
            network.Remove(group);
        }

        return ValueTask.CompletedTask;
    }
}
