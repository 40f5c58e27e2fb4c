using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Broker;
using Starling.Protocol.Loops;
using Starling.Storage;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>A running broker in this process. Any number of them may run; every member may be called from any thread.</summary>
public sealed class StarlingBroker : IAsyncDisposable
{
    private readonly BrokerEngine _engine;
    private readonly LoopGroup _loops;
    private readonly BrokerStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopping;

    private StarlingBroker(BrokerEngine engine, LoopGroup loops, BrokerStore store, TimeProvider timeProvider)
    {
        _engine = engine;
        _loops = loops;
        _store = store;
        _timeProvider = timeProvider;
        Completion = CompleteAsync();
    }

    /// <summary>How long <see cref="StopAsync"/> waits for clients to take their DISCONNECT.</summary>
    public static TimeSpan StopTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the broker listens, with the ports that were free.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private init; } = [];

    /// <summary>What the event loops are built on: never <see cref="LoopKind.Automatic"/>.</summary>
    public LoopKind LoopKind => _loops.Kind;

    /// <summary>What was read back from the data directory at the start; null when nothing is kept there.</summary>
    public StoreRecovery? Recovery => _store.Log?.Recovery;

    /// <summary>
    /// Done when the broker has stopped; fails when it could not go on: with a <see cref="StoreException"/> when the storage failed. Then
    /// nothing more was acknowledged, the ports are free and the clients are disconnected, but <see cref="StopAsync"/> is still to be called.
    /// </summary>
    public Task Completion { get; }

    /// <summary>Starts a broker; when it returns, what was kept has been read back and clients can connect.</summary>
    /// <param name="options">What the broker is told.</param>
    /// <param name="services">What the program around it gives; null: the defaults.</param>
    /// <exception cref="StarlingStartException">
    /// The options are wrong, an address cannot be taken, or the data directory cannot be used; nothing is left running.
    /// </exception>
    public static StarlingBroker Start(StarlingOptions options, StarlingServices? services = null)
    {
        services ??= new StarlingServices();
        if (options.FindError(services.Store is not null) is string error)
        {
            throw new StarlingStartException(StartFailure.Configuration, error);
        }

        BrokerStore store = BrokerStore.Open(options, services);
        LoopGroup? loops = null;
        StarlingBroker? started = null;
        try
        {
            MemoryBudget budget = new(options.EffectiveMemoryBudgetBytes);
            BrokerEngine engine = CreateEngine(options, services, store, budget);
            loops = LoopGroup.Start(
                new LoopGroupOptions
                {
                    Loops = options.EffectiveLoops,
                    Kind = options.LoopKind,
                    Budget = budget,
                    Time = services.TimeProvider,
                    Loggers = services.LoggerFactory,
                },
                engine.CreateShard);

            // Last, so that no client finds a broker that does not know yet what it keeps for it.
            ILogger logger = services.LoggerFactory?.CreateLogger("Starling.Hosting") ?? NullLogger.Instance;
            List<IPEndPoint> endPoints = ListenerStart.ListenAll(loops, options.Listeners, logger);
            started = new StarlingBroker(engine, loops, store, services.TimeProvider) { EndPoints = endPoints };
            return started;
        }
        catch (StoreException e)
        {
            throw StoreStart.Refusal(e);
        }
        catch (IOException e) when (loops is null)
        {
            // What was found can still be unreadable when it is read in full.
            throw StoreStart.Refusal(new StoreException(StoreFailure.Unreadable, e.Message, e));
        }
        finally
        {
            if (started is null)
            {
                Abandon(loops, store);
            }
        }
    }

    /// <summary>
    /// Writes a copy of the data directory as it is at one moment of this call, while the broker serves. The broker's user writes it.
    /// </summary>
    /// <param name="targetDirectory">Absent or empty.</param>
    /// <param name="progress">Learns how far it is; null: nobody does.</param>
    /// <param name="cancellationToken">Gives it up; what was written is removed.</param>
    /// <exception cref="InvalidOperationException">The broker keeps nothing in a data directory.</exception>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public async Task BackupAsync(
        string targetDirectory, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        LogStore log = _store.Log
            ?? throw new InvalidOperationException("This broker keeps nothing in a data directory, so there is nothing to back up.");
        bool wasThere = Directory.Exists(targetDirectory);
        try
        {
            await log.BackupAsync(targetDirectory, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or StoreException { Failure: not (StoreFailure.NotEmpty or StoreFailure.Locked) })
        {
            BackupTarget.Clear(targetDirectory, wasThere);
            throw;
        }
    }

    /// <summary>
    /// Stops in order: frees the ports, sends DISCONNECT 0x8B to the clients of 5.0, closes every connection, ends the loops, stores what is
    /// left to store and unlocks the data directory. Clients that do not take it within <see cref="StopTimeout"/> are cut off. May be called
    /// again; each call ends when the broker has stopped. What went wrong is told by <see cref="Completion"/> alone.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
        {
            _loops.StopListening();

            // Shards stop together, so every loop must run until the last connection is gone.
            TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _engine.BeginStop(ended.SetResult);
            await Task.WhenAny(ended.Task, Task.Delay(StopTimeout, _timeProvider)).ConfigureAwait(false);
            await _loops.StopAsync(TimeSpan.Zero).ConfigureAwait(false);
            await CloseStoreAsync().ConfigureAwait(false);
        }

        await _stopped.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static BrokerEngine CreateEngine(StarlingOptions options, StarlingServices services, BrokerStore store, MemoryBudget budget)
    {
        BrokerOptions brokerOptions = options.Broker with
        {
            MemoryBudgetBytes = options.EffectiveMemoryBudgetBytes,
            Shards = options.EffectiveLoops,
            AllowAnonymous = options.AllowAnonymous != AnonymousAccess.Nowhere,
            Seed = options.Seed ?? NewSeed(),
        };
        BrokerPorts ports = new()
        {
            Store = store.Port,
            Authenticator = services.Authenticator,
            EnhancedAuthenticator = services.EnhancedAuthenticator,
            Authorizer = services.Authorizer,
        };
        return new BrokerEngine(brokerOptions, ports, services.LoggerFactory ?? NullLoggerFactory.Instance, budget);
    }

    /// <summary>Need not be secret, and must not cost a start the loading of a cryptographic library.</summary>
    private static int NewSeed() =>
#pragma warning disable RS0030, CA5394 // Here seeded randomness begins: it takes its own seed from the system.
        new Random().Next();
#pragma warning restore RS0030, CA5394

    // Whoever corrects what was wrong can start again at once: threads and lock are gone when Start throws.
    private static void Abandon(LoopGroup? loops, BrokerStore store)
    {
        loops?.StopAsync(TimeSpan.Zero).GetAwaiter().GetResult();
        store.CloseAsync().GetAwaiter().GetResult();
    }

    private async Task CloseStoreAsync()
    {
        if (await _store.CloseAsync().ConfigureAwait(false) is StoreException failure)
        {
            _stopped.TrySetException(failure);
        }
        else
        {
            _stopped.TrySetResult();
        }
    }

    private async Task CompleteAsync()
    {
        Task<StoreException> storeFailure = _store.Failure;
        if (await Task.WhenAny(_loops.Completion, storeFailure).ConfigureAwait(false) == storeFailure)
        {
            StoreException failure = await storeFailure.ConfigureAwait(false);
            _loops.StopListening();
            throw failure;
        }

        await _loops.Completion.ConfigureAwait(false);
        await _stopped.Task.ConfigureAwait(false);
    }
}
