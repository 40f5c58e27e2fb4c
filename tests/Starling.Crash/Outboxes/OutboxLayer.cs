namespace Starling.Crash.Outboxes;

/// <summary>What stands between the outbox of a client and the disk.</summary>
internal enum OutboxLayer
{
    /// <summary>The real directory: a kill loses what the process had not written.</summary>
    Plain,

    /// <summary>Every byte stays inside the process until it is synced: a kill loses what a power cut would.</summary>
    PowerCut,

    /// <summary>A broken build, whose syncs do nothing.</summary>
    PowerCutNoSync,

    /// <summary>A broken build, which does not write down that PUBREC came.</summary>
    ForgetsPubRec,
}
