namespace Starling.Storage;

/// <summary>What was imported.</summary>
public sealed record ImportReport
{
    /// <summary>Sessions.</summary>
    public long Sessions { get; init; }

    /// <summary>Subscriptions.</summary>
    public long Subscriptions { get; init; }

    /// <summary>Unfinished deliveries.</summary>
    public long Messages { get; init; }

    /// <summary>Retained messages.</summary>
    public long Retained { get; init; }

    /// <summary>Wills.</summary>
    public long Wills { get; init; }
}
