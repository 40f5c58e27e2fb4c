namespace Starling.Cli.Recordings;

/// <summary>What a frame of a recording holds.</summary>
internal enum FrameKind : byte
{
    /// <summary>A message.</summary>
    Message = 1,

    /// <summary>Where messages are, by time.</summary>
    Index = 2,

    /// <summary>Where the index is, and how much there is; the last frame of a complete file.</summary>
    End = 3,
}
