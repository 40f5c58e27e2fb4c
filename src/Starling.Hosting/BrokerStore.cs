using Starling.Broker.Ports;
using Starling.Storage;

namespace Starling.Hosting;

/// <summary>The store of one broker: our own, which is closed with it, or one that the program gave.</summary>
internal sealed class BrokerStore
{
    private readonly bool _isOwn;

    private BrokerStore(IDurableStore port, bool isOwn)
    {
        Port = port;
        Log = port as LogStore;
        _isOwn = isOwn;
        Failure = Log is null ? new TaskCompletionSource<StoreException>().Task : AwaitFailureAsync(Log);
    }

    /// <summary>The store as the broker sees it.</summary>
    public IDurableStore Port { get; }

    /// <summary>The store when it is a commit log in a directory; else null.</summary>
    public LogStore? Log { get; }

    /// <summary>Completes when the storage has failed while it served; never, else.</summary>
    public Task<StoreException> Failure { get; }

    /// <exception cref="StarlingStartException">The data directory cannot be used.</exception>
    public static BrokerStore Open(StarlingOptions options, StarlingServices services) =>
        StoreStart.Open(options, services) is LogStore own
            ? new BrokerStore(own, isOwn: true)
            : new BrokerStore(services.Store ?? new MemoryStore(), isOwn: false);

    /// <summary>Stores what is left and unlocks the directory, when the store is ours.</summary>
    /// <returns>Why that could not be done; null when it was.</returns>
    public async Task<StoreException?> CloseAsync()
    {
        if (Log is null || !_isOwn)
        {
            return null;
        }

        try
        {
            await Log.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreException or IOException)
        {
            return AsStoreException(e);
        }

        return Log.Faulted.IsCompleted ? await Failure.ConfigureAwait(false) : null;
    }

    private static async Task<StoreException> AwaitFailureAsync(LogStore log) => AsStoreException(await log.Faulted.ConfigureAwait(false));

    private static StoreException AsStoreException(Exception cause) =>
        cause as StoreException ?? new StoreException(StoreFailure.Unreadable, cause.Message, cause);
}
