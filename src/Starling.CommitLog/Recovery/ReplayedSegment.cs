namespace Starling.CommitLog.Recovery;

/// <summary>A segment file as recovery sees it.</summary>
/// <param name="id">Its identifier.</param>
/// <param name="name">Its name in the directory.</param>
internal sealed class ReplayedSegment(ulong id, string name)
{
    public ulong Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>The LSN of the frame at its beginning, or 0 when there is no whole header.</summary>
    public ulong FirstLsn { get; set; }

    /// <summary>The LSN of its last frame, or a bound above it when the frames were not looked at.</summary>
    public ulong LastLsn { get; set; }

    /// <summary>Where its frames end.</summary>
    public long EndBytes { get; set; }

    /// <summary>Whether frames were found.</summary>
    public bool HasFrames { get; set; }

    /// <summary>Whether something stands at the end that began as a frame.</summary>
    public bool IsTorn { get; set; }
}
