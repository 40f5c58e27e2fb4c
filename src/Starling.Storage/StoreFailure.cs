namespace Starling.Storage;

/// <summary>Why a data directory cannot be used.</summary>
public enum StoreFailure
{
    /// <summary>Another process has it.</summary>
    Locked,

    /// <summary>It is not there, or the operating system refuses it.</summary>
    Unreadable,

    /// <summary>A newer version has written it.</summary>
    NewerFormat,

    /// <summary>What is in it was damaged.</summary>
    Corrupt,

    /// <summary>Its disk is full.</summary>
    Full,

    /// <summary>It is not empty, as it would have to be.</summary>
    NotEmpty,

    /// <summary>What was asked for makes no sense.</summary>
    Usage,
}
