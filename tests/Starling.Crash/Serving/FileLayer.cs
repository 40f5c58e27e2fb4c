namespace Starling.Crash.Serving;

/// <summary>What stands between the broker and the disk.</summary>
internal enum FileLayer
{
    /// <summary>The real directory: a kill loses what the process had not written.</summary>
    Plain,

    /// <summary>Every byte stays inside the process until it is synced: a kill loses what a power cut would.</summary>
    PowerCut,

    /// <summary>A broken build, whose syncs do nothing.</summary>
    PowerCutNoSync,

    /// <summary>A broken build, which reports a record as stored when it is appended.</summary>
    EarlyAck,

    /// <summary>No directory at all: a kill loses everything.</summary>
    Memory,
}
