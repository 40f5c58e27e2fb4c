using Microsoft.Extensions.Time.Testing;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Client.Tests;

/// <summary>
/// A client's transport in memory, with a server that a test scripts. The test's thread is the loop's thread: things happen inside
/// <see cref="Pump(Task)"/> only, and time passes only when it is told to.
/// </summary>
internal sealed class ScriptedTransport : ITransportConnector, IDisposable
{
    private const int SpinsMax = 2_000_000;

    private readonly Lock _gate = new();
    private readonly Lock _running = new();
    private readonly Queue<TaskCompletionSource> _connecting = new();
    private readonly List<MqttClient> _clients = [];
    private InMemoryLoopGroup? _group;
    private InMemoryPeer? _peer;

    /// <summary>The server's part.</summary>
    public ScriptedServer Server { get; } = new();

    /// <summary>Thrown instead of connecting, when set.</summary>
    public Exception? ConnectFault { get; set; }

    /// <summary>Delays and time-outs of the client outside of its loop.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public int Connections { get; private set; }

    /// <summary>Where the client wanted to go, in order.</summary>
    public List<Uri> Addresses { get; } = [];

    /// <summary>What the client cannot send at once, its output keeps.</summary>
    public int AcceptBytesMax { get; set; } = int.MaxValue;

    /// <summary>A client on this transport.</summary>
    public MqttClient Client(Action<MqttClientOptions>? configure = null)
    {
        MqttClientOptions options = MqttClientOptions.Parse("mqtt://server");
        options.ClientId = "c";
        options.Transport = this;
        options.TimeProvider = Time;

        // Time passes by turns of the pump, of which a busy machine needs more.
        options.ConnectTimeout = TimeSpan.FromHours(1);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(1);
        configure?.Invoke(options);
        MqttClient client = new(options, new Random(1));
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that is connected.</summary>
    public MqttClient Connected(Action<MqttClientOptions>? configure = null)
    {
        MqttClient client = Client(configure);
        Pump(client.ConnectAsync().AsTask());
        return client;
    }

    public void Start(ILoopClient client) => _group = new InMemoryLoopGroup(1, _ => client);

    public ValueTask ConnectAsync(Uri server, CancellationToken ct)
    {
        lock (_gate)
        {
            Addresses.Add(server);
        }

        if (ConnectFault is { } fault)
        {
            return ValueTask.FromException(fault);
        }

        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _connecting.Enqueue(opened);
        }

        return new ValueTask(opened.Task);
    }

    /// <summary>The client disposes of its transport: from here on no loop runs.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_running)
        {
            _group = null;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Lets everything happen that can happen now, until the task is done, and gives its result.</summary>
    public T Pump<T>(Task<T> until)
    {
        PumpUntil(() => until.IsCompleted);
        return until.GetAwaiter().GetResult();
    }

    /// <summary>Lets everything happen that can happen now, until the task is done.</summary>
    public void Pump(Task until)
    {
        PumpUntil(() => until.IsCompleted);
        until.GetAwaiter().GetResult();
    }

    /// <summary>Lets everything happen that can happen now, until the condition holds. Delays of reconnecting pass.</summary>
    public void PumpUntil(Func<bool> condition)
    {
        for (int i = 0; i < SpinsMax && !condition(); i++)
        {
            PumpOnce();
            Time.Advance(TimeSpan.FromTicks(1000));
            Thread.Yield();
        }

        Assert.True(condition(), "What was waited for did not happen.");
    }

    /// <summary>Lets the loop do what it can do now.</summary>
    public void PumpOnce()
    {
        lock (_running)
        {
            if (_group is { } group)
            {
                Run(group);
            }
        }
    }

    /// <summary>The server sends this.</summary>
    public void ServerSends(string hex)
    {
        (_peer ?? throw new InvalidOperationException("Not connected.")).Write(ScriptedServer.Bytes(hex));
        PumpOnce();
    }

    /// <summary>The connection breaks.</summary>
    public void Cut()
    {
        (_peer ?? throw new InvalidOperationException("Not connected.")).ResetByPeer();
        _peer = null;
        PumpOnce();
    }

    /// <summary>Time of the loop passes.</summary>
    public void Pass(TimeSpan time)
    {
        _group?.AdvanceTime(time);
        PumpOnce();
    }

    public void Dispose()
    {
        foreach (MqttClient client in _clients)
        {
            Pump(client.DisposeAsync().AsTask());
        }
    }

    private void Run(InMemoryLoopGroup group)
    {
        lock (_gate)
        {
            if (_connecting.TryDequeue(out TaskCompletionSource? opened))
            {
                _peer = group.Open();
                _peer.AcceptBytesMax = AcceptBytesMax;
                Server.Connected();
                Connections++;
                group.RunUntilIdle();
                opened.SetResult();
            }
        }

        group.RunUntilIdle();
        while (_peer is { IsClosed: false } peer && Server.Answer(peer.Read()) is { Length: > 0 } answer)
        {
            peer.Write(answer);
            group.RunUntilIdle();
        }

        if (_peer is { IsClosed: true, End: null } closing)
        {
            Server.Answer(closing.Read());
            closing.CloseByPeer();
            _peer = null;
            group.RunUntilIdle();
        }
    }
}
