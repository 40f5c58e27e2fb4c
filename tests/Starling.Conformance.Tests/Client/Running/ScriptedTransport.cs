using Starling.Client;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>
/// A transport in memory between one client and a scripted server. The thread of the case is the thread of the loop: everything
/// happens inside <see cref="Pump"/>, and time of the loop passes only when it is told to.
/// </summary>
internal sealed class ScriptedTransport(ServerScript script, ClientLog log) : ITransportConnector
{
    private readonly Lock _gate = new();
    private readonly Lock _running = new();
    private readonly Queue<TaskCompletionSource> _connecting = new();
    private readonly List<ServerSide> _sides = [];
    private InMemoryLoopGroup? _group;
    private bool _isDisposed;

    /// <summary>The server's ends of all connections, in order.</summary>
    public IReadOnlyList<ServerSide> Sides => _sides;

    public void Start(ILoopClient client) => _group = new InMemoryLoopGroup(1, _ => client);

    public ValueTask ConnectAsync(Uri server, CancellationToken ct)
    {
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _connecting.Enqueue(opened);
        }

        return new ValueTask(opened.Task);
    }

    /// <summary>From here on no loop runs, as the client may rely on: it ends on a thread of its own what the loop owned.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_running)
        {
            _isDisposed = true;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Lets everything happen that can happen now.</summary>
    public void Pump()
    {
        lock (_running)
        {
            if (_group is { } group && !_isDisposed)
            {
                Run(group);
            }
        }
    }

    /// <summary>Time of the loop passes.</summary>
    public void Pass(TimeSpan time)
    {
        _group?.AdvanceTime(time);
        Pump();
    }

    private void Run(InMemoryLoopGroup group)
    {
        TaskCompletionSource? opened;
        lock (_gate)
        {
            _connecting.TryDequeue(out opened);
        }

        if (opened is not null)
        {
            _sides.Add(new ServerSide(group.Open(), script, log, _sides.Count == 0));
            group.RunUntilIdle();
            opened.SetResult();
        }

        do
        {
            group.RunUntilIdle();
            _sides.ForEach(static side => side.Work());
            group.RunUntilIdle();
        }
        while (_sides.Exists(static side => side.IsPending));
    }
}
