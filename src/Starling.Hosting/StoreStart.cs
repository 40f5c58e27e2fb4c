using Starling.CommitLog;
using Starling.Storage;

namespace Starling.Hosting;

/// <summary>Opens the store that the options name.</summary>
internal static class StoreStart
{
    /// <summary>Opens the store and reads back what it keeps; null when the options or the program ask for none of ours.</summary>
    /// <exception cref="StarlingStartException">It cannot be opened; nothing in the directory was changed.</exception>
    public static LogStore? Open(StarlingOptions options, StarlingServices services)
    {
        if (services.Store is not null || options.Durability == Durability.Memory || options.DataDirectory is null)
        {
            return null;
        }

        try
        {
            return LogStore.Open(new LogStoreOptions
            {
                Directory = new LogDirectory(options.DataDirectory),
                IsSynced = options.Durability == Durability.Fsync,
                Log = SizesOf(options),
                CheckpointBytes = options.CheckpointBytes,
                DiskFreeBytesMin = options.DiskFreeBytesMin,
                TimeProvider = services.TimeProvider,
                LoggerFactory = services.LoggerFactory,
            });
        }
        catch (StoreException e)
        {
            throw Refusal(e);
        }
    }

    // A frame is a part of a segment.
    private static CommitLogOptions SizesOf(StarlingOptions options)
    {
        CommitLogOptions usual = new();
        return usual with { SegmentBytes = options.SegmentBytes, FrameBytes = (int)Math.Min(usual.FrameBytes, options.SegmentBytes) };
    }

    /// <summary>Why a broker cannot start on its store.</summary>
    public static StarlingStartException Refusal(StoreException e) => new(
        e.Failure switch
        {
            StoreFailure.Locked => StartFailure.DataLocked,
            StoreFailure.NewerFormat => StartFailure.DataNewer,
            StoreFailure.Corrupt => StartFailure.DataCorrupt,
            _ => StartFailure.DataUnreadable,
        },
        e.Message,
        e);
}
