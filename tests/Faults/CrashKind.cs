namespace Faults;

/// <summary>What a power cut does to the bytes that were written and not synced.</summary>
public enum CrashKind
{
    /// <summary>Only the process ends: the system still has every byte and every name.</summary>
    Process,

    /// <summary>None of them is there.</summary>
    Forget,

    /// <summary>Some pages are there and some are not.</summary>
    Tear,

    /// <summary>They are there up to some point.</summary>
    Cut,

    /// <summary>Some are zeros.</summary>
    Zero,

    /// <summary>They are there, but for some flipped bits.</summary>
    Flip,
}
