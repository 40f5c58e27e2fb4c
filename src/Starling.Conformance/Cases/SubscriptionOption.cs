namespace Starling.Conformance.Cases;

/// <summary>The bits of the options byte of a subscription of 5.0 above the Maximum QoS.</summary>
internal static class SubscriptionOption
{
    public const int NoLocal = 0x04;

    public const int RetainAsPublished = 0x08;

    /// <summary>Retain Handling 1.</summary>
    public const int RetainedIfNew = 0x10;

    /// <summary>Retain Handling 2.</summary>
    public const int RetainedNever = 0x20;
}
