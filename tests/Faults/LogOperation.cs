namespace Faults;

/// <summary>The calls of a directory and its files.</summary>
public enum LogOperation
{
    /// <summary>A file is opened.</summary>
    Open,

    /// <summary>A file is created.</summary>
    Create,

    /// <summary>The names of a folder are read.</summary>
    List,

    /// <summary>A folder is created.</summary>
    CreateFolder,

    /// <summary>A file gets another name.</summary>
    Rename,

    /// <summary>A name is removed.</summary>
    Delete,

    /// <summary>The names of a folder are synced.</summary>
    SyncFolder,

    /// <summary>Links are counted.</summary>
    CountLinks,

    /// <summary>A link is made.</summary>
    Link,

    /// <summary>Bytes are read.</summary>
    Read,

    /// <summary>Bytes are written.</summary>
    Write,

    /// <summary>A file is synced.</summary>
    Sync,

    /// <summary>Space is reserved.</summary>
    Allocate,

    /// <summary>A file is cut.</summary>
    Truncate,
}
