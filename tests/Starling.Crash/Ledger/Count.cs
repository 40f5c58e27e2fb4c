namespace Starling.Crash.Ledger;

/// <summary>What is counted over all rounds.</summary>
internal enum Count
{
    Rounds,
    Kills,
    KillsWhileStarting,
    Published,
    AcknowledgedQos1,
    AcknowledgedQos2,
    OtherAcknowledgements,
    Delivered,
    Redelivered,
    DeliveriesChecked,
    Sessions,
    RetainedChecked,
    Wills,
    WillsCancelled,
}
