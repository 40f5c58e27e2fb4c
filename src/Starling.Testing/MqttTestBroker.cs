using Microsoft.Extensions.Logging.Abstractions;
using Starling.Broker;
using Starling.Client;
using Starling.CommitLog;
using Starling.Protocol.Loops;
using Starling.Storage;
using Starling.Testing.Network;
using Starling.Transports.InMemory;

namespace Starling.Testing;

/// <summary>
/// The real broker in memory, for tests of programs that use <see cref="MqttClient"/>: no port, no process, and no real time when it has a
/// virtual clock. Any number of them may run. Every member may be called from any thread.
/// </summary>
public sealed class MqttTestBroker : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly MqttTestBrokerOptions _options;
    private readonly MemoryNetwork _network;
    private readonly string? _folder;
    private RunningBroker? _running;
    private int _isDisposed;

    /// <summary>Starts a broker.</summary>
    /// <param name="options">How it is; null: as a real one, on the system's clock.</param>
    public MqttTestBroker(MqttTestBrokerOptions? options = null)
    {
        _options = options ?? new MqttTestBrokerOptions();
        _network = new MemoryNetwork(_options.TimeProvider);
        _folder = _options.KeepsState ? Directory.CreateTempSubdirectory("starling-testing-").FullName : null;
        Start();
    }

    /// <summary>Whether it runs, so that clients can connect.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _running is not null;
            }
        }
    }

    /// <summary>Connections that are open now.</summary>
    public int Connections => _network.Connections;

    /// <summary>Options for one client of this broker, with its clock. Everything in them may be changed but Servers and Transport.</summary>
    /// <param name="clientId">The Client Identifier; null: random, and the session ends with the connection.</param>
    public MqttClientOptions CreateClientOptions(string? clientId = null) => new()
    {
        Servers = { new Uri("mqtt://test-broker") },
        ClientId = clientId,
        Transport = new MemoryConnector(_network),
        TimeProvider = _options.TimeProvider,
        LoggerFactory = _options.LoggerFactory,
    };

    /// <summary>Connects a new client.</summary>
    /// <param name="clientId">As for <see cref="CreateClientOptions"/>.</param>
    /// <param name="ct">Gives up.</param>
    public ValueTask<MqttClient> ConnectAsync(string? clientId = null, CancellationToken ct = default) =>
        MqttClient.ConnectAsync(CreateClientOptions(clientId), ct);

    /// <summary>Breaks every connection as a network does: without a word, and what is on the way is lost. New ones can be opened at once.</summary>
    public void CutConnections() => _network.CutAll();

    /// <summary>Starts it again after <see cref="StopAsync"/>. Does nothing while it runs.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            _running ??= Run();
        }
    }

    /// <summary>
    /// Stops it in order: clients of 5.0 get DISCONNECT 0x8B, and nobody can connect until <see cref="Start()"/>. A client that does not read
    /// is cut off after 5 s of real time. Does nothing when it is stopped.
    /// </summary>
    public async Task StopAsync()
    {
        RunningBroker? running;
        lock (_gate)
        {
            (running, _running) = (_running, null);
        }

        if (running is null)
        {
            return;
        }

        _network.Listen(null);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        running.Engine.BeginStop(ended.SetResult);

        // A client that does not read would never take its DISCONNECT; virtual time may stand still meanwhile.
        await Task.WhenAny(ended.Task, Task.Delay(StopTimeout, TimeProvider.System)).ConfigureAwait(false);
        _network.Remove(running.Loops);
        if (running.Store is { } store)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops it for good. Its clients are to be disposed by whoever made them, before or after.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await StopAsync().ConfigureAwait(false);
        _network.Dispose();
        if (_folder is { } folder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private RunningBroker Run()
    {
        LogStore? store = _folder is null ? null : LogStore.Open(new LogStoreOptions
        {
            Directory = new LogDirectory(_folder),
            IsSynced = false,
            Log = new CommitLogOptions { SegmentBytes = 4 << 20, FrameBytes = 1 << 20 },
            DiskFreeBytesMin = 0,
        });
        MemoryBudget budget = new(_options.Broker.MemoryBudgetBytes);
        BrokerPorts ports = new()
        {
            Store = store is null ? new MemoryStore() : store,
            Authenticator = _options.Authenticator,
            Authorizer = _options.Authorizer,
        };
        BrokerEngine engine = new(_options.Broker, ports, _options.LoggerFactory ?? NullLoggerFactory.Instance, budget);
        InMemoryLoopGroup loops = _network.Add(_options.Broker.Shards, engine.CreateShard, budget);
        _network.Listen(loops);
        return new RunningBroker(engine, loops, store);
    }

    private sealed record RunningBroker(BrokerEngine Engine, InMemoryLoopGroup Loops, LogStore? Store);
}
