namespace Starling.Hosting;

/// <summary>Why a broker could not be started.</summary>
public enum StartFailure
{
    /// <summary>A value of the options is not allowed.</summary>
    Configuration,

    /// <summary>An address is in use, does not exist here, or may not be taken by this user.</summary>
    Listener,
}
