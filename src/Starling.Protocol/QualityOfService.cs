namespace Starling.Protocol;

/// <summary>How often a message may arrive.</summary>
public enum QualityOfService : byte
{
    /// <summary>At most once: sent and forgotten.</summary>
    AtMostOnce = 0,

    /// <summary>At least once: kept until PUBACK.</summary>
    AtLeastOnce = 1,

    /// <summary>Exactly once: PUBREC, PUBREL, PUBCOMP.</summary>
    ExactlyOnce = 2,
}
