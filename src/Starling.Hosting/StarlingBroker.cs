using System.Net;
using System.Security.Cryptography;
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
    private readonly TimeProvider _timeProvider;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stopping;

    private StarlingBroker(BrokerEngine engine, LoopGroup loops, TimeProvider timeProvider)
    {
        _engine = engine;
        _loops = loops;
        _timeProvider = timeProvider;
        Completion = Task.WhenAny(_stopped.Task, loops.Completion).Unwrap();
    }

    /// <summary>How long <see cref="StopAsync"/> waits for clients to take their DISCONNECT.</summary>
    public static TimeSpan StopTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the broker listens, with the ports that were free.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private init; } = [];

    /// <summary>What the event loops are built on: never <see cref="LoopKind.Automatic"/>.</summary>
    public LoopKind LoopKind => _loops.Kind;

    /// <summary>Done when the broker has stopped; fails when it could not go on.</summary>
    public Task Completion { get; }

    /// <summary>Starts a broker; when it returns, clients can connect.</summary>
    /// <param name="options">What the broker is told.</param>
    /// <param name="services">What the program around it gives; null: the defaults.</param>
    /// <exception cref="StarlingStartException">The options are wrong, or an address cannot be taken; nothing is left running.</exception>
    public static StarlingBroker Start(StarlingOptions options, StarlingServices? services = null)
    {
        services ??= new StarlingServices();
        if (options.FindError() is string error)
        {
            throw new StarlingStartException(StartFailure.Configuration, error);
        }

        MemoryBudget budget = new(options.EffectiveMemoryBudgetBytes);
        BrokerOptions brokerOptions = options.Broker with
        {
            MemoryBudgetBytes = options.EffectiveMemoryBudgetBytes,
            Shards = options.EffectiveLoops,
            AllowAnonymous = options.AllowAnonymous != AnonymousAccess.Nowhere,
            Seed = options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue),
        };
        BrokerPorts ports = new()
        {
            Store = services.Store ?? new MemoryStore(),
            Authenticator = services.Authenticator,
            EnhancedAuthenticator = services.EnhancedAuthenticator,
            Authorizer = services.Authorizer,
        };
        ILoggerFactory loggerFactory = services.LoggerFactory ?? NullLoggerFactory.Instance;
        BrokerEngine engine = new(brokerOptions, ports, loggerFactory, budget);
        LoopGroup loops = LoopGroup.Start(
            new LoopGroupOptions
            {
                Loops = options.EffectiveLoops,
                Kind = options.LoopKind,
                Budget = budget,
                Time = services.TimeProvider,
                Loggers = services.LoggerFactory,
            },
            engine.CreateShard);
        bool isListening = false;
        try
        {
            List<IPEndPoint> endPoints = ListenerStart.ListenAll(loops, options.Listeners, loggerFactory.CreateLogger("Starling.Hosting"));
            isListening = true;
            return new StarlingBroker(engine, loops, services.TimeProvider) { EndPoints = endPoints };
        }
        finally
        {
            if (!isListening)
            {
                _ = loops.StopAsync(TimeSpan.Zero);
            }
        }
    }

    /// <summary>
    /// Stops in order: frees the ports, sends DISCONNECT 0x8B to the clients of 5.0, closes every connection, ends the loops. Clients
    /// that do not take it within <see cref="StopTimeout"/> are cut off. May be called again; each call ends when the broker has stopped.
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
            _stopped.TrySetResult();
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);
}
