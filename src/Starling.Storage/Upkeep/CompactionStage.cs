namespace Starling.Storage.Upkeep;

/// <summary>Where the compaction of one segment is.</summary>
internal enum CompactionStage
{
    /// <summary>None is under way.</summary>
    Idle,

    /// <summary>The committer is asked which segment.</summary>
    Picking,

    /// <summary>The next piece is to be read.</summary>
    Reading,

    /// <summary>The committer is asked what of the piece is live.</summary>
    Asking,

    /// <summary>The survivors are on the disk, and the log is to say so.</summary>
    Appending,

    /// <summary>The records that say so are to be committed.</summary>
    Committing,
}
