namespace Starling.CommitLog;

/// <summary>What a commit waits for.</summary>
public enum LogSync
{
    /// <summary>The disk: what is committed survives a power cut.</summary>
    Disk,

    /// <summary>The operating system: what is committed survives the end of the process only.</summary>
    None,
}
