namespace Starling.CommitLog;

/// <summary>What a <see cref="LogScanner"/> could not read.</summary>
public enum ScanDamage
{
    /// <summary>A record of a frame whose header is right.</summary>
    Record,

    /// <summary>One or more frames before another that can be read.</summary>
    Frame,

    /// <summary>The beginning of a frame behind the last that can be read: what a crash leaves, if this is the end of the log.</summary>
    End,
}
