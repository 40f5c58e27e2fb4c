namespace Starling.Hosting;

/// <summary>Why a broker could not be started.</summary>
public enum StartFailure
{
    /// <summary>A value of the options is not allowed.</summary>
    Configuration,

    /// <summary>An address is in use, does not exist here, or may not be taken by this user.</summary>
    Listener,

    /// <summary>Another broker or tool works on the data directory.</summary>
    DataLocked,

    /// <summary>The data directory cannot be made, read or written.</summary>
    DataUnreadable,

    /// <summary>The data was written by a newer version, in a format that this one does not know.</summary>
    DataNewer,

    /// <summary>The data is damaged.</summary>
    DataCorrupt,
}
