namespace Starling.Broker.Diagnostics;

/// <summary>The names of the reasons in $SYS topics, metrics and logs.</summary>
internal static class DropReasonName
{
    /// <summary>How many reasons there are.</summary>
    public const int Count = (int)DropReason.Unreadable + 1;

    public static string Of(DropReason reason) => reason switch
    {
        DropReason.SessionQueueFull => "session-queue-full",
        DropReason.OutputFull => "output-full",
        DropReason.Expired => "expired",
        DropReason.PacketTooLarge => "packet-too-large",
        DropReason.MemoryBudget => "memory-budget",
        DropReason.HeldTooLong => "held-too-long",
        DropReason.RetainedQuota => "retained-quota",
        DropReason.SessionEnded => "session-ended",
        DropReason.NoSharedMember => "no-shared-member",
        DropReason.RefusedByReceiver => "refused-by-receiver",
        DropReason.NotAuthorized => "not-authorized",
        DropReason.RetainedSuperseded => "retained-superseded",
        DropReason.ConnectionEnded => "connection-ended",
        DropReason.ClientAbsent => "client-absent",
        DropReason.Unreadable => "unreadable",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
