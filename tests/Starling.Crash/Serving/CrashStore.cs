using Faults;
using Microsoft.Extensions.Logging;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Hosting;
using Starling.Storage;

namespace Starling.Crash.Serving;

/// <summary>The store of each file layer, and the settings that only a broker with a store has.</summary>
internal static class CrashStore
{
    public static IDurableStore Open(BrokerArguments arguments, ILoggerFactory loggers)
    {
        if (arguments.Layer == FileLayer.Memory)
        {
            return new MemoryStore();
        }

        LogStoreOptions options = new() { Directory = OpenDirectory(arguments), LoggerFactory = loggers };
        LogStore store = LogStore.Open(arguments.IsTiny ? MakeTiny(options) : options);
        return arguments.Layer == FileLayer.EarlyAck ? new EarlyStore(store) : store;
    }

    public static StarlingOptions Configure(BrokerArguments arguments, StarlingOptions options) => options with
    {
        Broker = options.Broker with { WillGraceAfterRestart = TimeSpan.FromMilliseconds(arguments.WillGrace) },
    };

    private static ILogDirectory OpenDirectory(BrokerArguments arguments)
    {
        LogDirectory real = new(arguments.DataDirectory);
        TimeSpan delay = TimeSpan.FromMilliseconds(arguments.SyncDelay);
        if (arguments.Layer == FileLayer.Plain)
        {
            return delay > TimeSpan.Zero ? new SlowDirectory(real, delay) : real;
        }

        return new PowerCutDirectory(real) { IgnoreSync = arguments.Layer == FileLayer.PowerCutNoSync, SyncDelay = delay };
    }

    // Segments are full after some hundred messages, and their records are partly frames of their own.
    private static LogStoreOptions MakeTiny(LogStoreOptions options) => options with
    {
        Log = options.Log with { SegmentBytes = 64 << 10, FrameBytes = 16 << 10, RecycledSegmentsMax = 4 },
        CheckpointBytes = 96 << 10,
        CompactionPercent = 50,
        CompactionBytesPerSecond = 64 << 20,
        ScrubBytesPerSecond = 64 << 20,
        DiskFreeBytesMin = 0,
    };
}
