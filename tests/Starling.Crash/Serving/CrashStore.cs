using Microsoft.Extensions.Logging;
using Starling.Broker.Ports;
using Starling.Hosting;
using Starling.Storage;

namespace Starling.Crash.Serving;

/// <summary>The store of each file layer, and the settings that only a broker with a store has.</summary>
internal static class CrashStore
{
    /// <summary>Whether there is a store that outlives its process; without one the tests of it are skipped.</summary>
    public static bool IsDurable => false;

    public static IDurableStore Open(BrokerArguments arguments, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        IDurableStore store = new MemoryStore();
        return arguments.Layer == FileLayer.EarlyAck ? new EarlyStore(store) : store;
    }

    public static StarlingOptions Configure(BrokerArguments arguments, StarlingOptions options)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return options;
    }
}
