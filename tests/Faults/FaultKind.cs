namespace Faults;

/// <summary>What goes wrong with a call.</summary>
public enum FaultKind
{
    /// <summary>It does nothing and reports an error of the device.</summary>
    Error,

    /// <summary>It does nothing and reports that there is no room.</summary>
    Full,

    /// <summary>A write writes half of the bytes and reports an error of the device; other calls as <see cref="Error"/>.</summary>
    Partial,

    /// <summary>A write writes half of the bytes and reports that there is no room; other calls as <see cref="Full"/>.</summary>
    PartialFull,

    /// <summary>The process dies in the call: a write has reached the system, a sync not the disk, and every later call fails.</summary>
    Death,
}
