using Microsoft.Extensions.Time.Testing;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Client.Tests.Cuts;

/// <summary>A network in memory that breaks once, when so many bytes have passed in one direction.</summary>
internal sealed class CutTransport(SessionServer server) : ITransportConnector
{
    private const int SpinsMax = 2_000_000;

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _connecting = new();
    private InMemoryLoopGroup? _group;
    private InMemoryPeer? _peer;

    /// <summary>After so many bytes of the client the network breaks; null: never.</summary>
    public int? CutToServer { get; set; }

    /// <summary>After so many bytes of the server the network breaks; null: never.</summary>
    public int? CutToClient { get; set; }

    public int BytesToServer { get; private set; }

    public int BytesToClient { get; private set; }

    public int Connections { get; private set; }

    public FakeTimeProvider Time { get; } = new();

    public void Start(ILoopClient client) => _group = new InMemoryLoopGroup(1, _ => client);

    public ValueTask ConnectAsync(Uri address, CancellationToken ct)
    {
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _connecting.Enqueue(opened);
        }

        return new ValueTask(opened.Task);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Pump(Func<bool> until, Func<string> what)
    {
        for (int i = 0; i < SpinsMax && !until(); i++)
        {
            PumpOnce();
            Time.Advance(TimeSpan.FromTicks(1000));
            Thread.Yield();
        }

        Assert.True(until(), what());
    }

    private void PumpOnce()
    {
        if (_group is not { } group)
        {
            return;
        }

        lock (_gate)
        {
            if (_connecting.TryDequeue(out TaskCompletionSource? opened))
            {
                _peer = group.Open();
                server.Connected();
                Connections++;
                group.RunUntilIdle();
                opened.SetResult();
            }
        }

        group.RunUntilIdle();
        while (_peer is { IsClosed: false } peer && Carry(peer) is { Length: > 0 } answer)
        {
            Return(peer, answer);
            group.RunUntilIdle();
        }

        if (_peer is { IsClosed: true } closed)
        {
            _peer = null;
            server.Answer(closed.Read());
            if (closed.End is null)
            {
                closed.CloseByPeer();
            }

            group.RunUntilIdle();
        }
    }

    private byte[] Carry(InMemoryPeer peer)
    {
        byte[] bytes = peer.Read(CutToServer is { } limit ? Math.Max(0, limit - BytesToServer) : int.MaxValue);
        BytesToServer += bytes.Length;
        byte[] answer = server.Answer(bytes);
        if (CutToServer <= BytesToServer)
        {
            CutToServer = null;

            // What the server answers to the last byte is lost with the connection.
            peer.ResetByPeer();
            _peer = null;
            return [];
        }

        return answer;
    }

    private void Return(InMemoryPeer peer, byte[] answer)
    {
        int length = CutToClient is { } limit ? Math.Clamp(limit - BytesToClient, 0, answer.Length) : answer.Length;
        BytesToClient += length;
        peer.Write(answer.AsSpan(0, length));
        if (CutToClient <= BytesToClient)
        {
            CutToClient = null;
            _group?.RunUntilIdle();
            peer.ResetByPeer();
            _peer = null;
        }
    }
}
