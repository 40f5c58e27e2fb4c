using Starling.Hosting;

namespace Starling.Server;

/// <summary>How the process of a broker ends.</summary>
public static class ServerExitCode
{
    /// <summary>It was told to stop, and stopped in order.</summary>
    public const int Stopped = 0;

    /// <summary>A fault that nobody foresaw.</summary>
    public const int Unexpected = 1;

    /// <summary>An address is in use, does not exist here, or may not be taken.</summary>
    public const int Listener = 20;

    /// <summary>Another process works on the data directory.</summary>
    public const int DataLocked = 21;

    /// <summary>The data directory cannot be made, read or written.</summary>
    public const int DataUnreadable = 22;

    /// <summary>The data was written by a newer version.</summary>
    public const int DataNewer = 23;

    /// <summary>The data is damaged.</summary>
    public const int DataCorrupt = 24;

    /// <summary>The storage failed while the broker served.</summary>
    public const int StorageFailed = 25;

    /// <summary>A setting is wrong.</summary>
    public const int Configuration = 26;

    /// <summary>The code of a broker that could not be started.</summary>
    public static int Of(StartFailure failure) => failure switch
    {
        StartFailure.Listener => Listener,
        StartFailure.DataLocked => DataLocked,
        StartFailure.DataUnreadable => DataUnreadable,
        StartFailure.DataNewer => DataNewer,
        StartFailure.DataCorrupt => DataCorrupt,
        _ => Configuration,
    };
}
