namespace Starling.CommitLog;

/// <summary>What stands where a record is expected.</summary>
public enum RecordStatus
{
    /// <summary>A record whose checksum is right.</summary>
    Valid,

    /// <summary>The beginning of a record that is longer than what was handed in, or fewer bytes than a header.</summary>
    Truncated,

    /// <summary>No record: the length is impossible or the checksum wrong.</summary>
    Damaged,
}
