namespace Starling.Conformance.Cases;

/// <summary>How a message comes to a subscriber.</summary>
internal enum DeliveryWay
{
    /// <summary>At once.</summary>
    Live,

    /// <summary>When the client of the session comes back.</summary>
    Queued,

    /// <summary>When the client subscribes.</summary>
    Retained,
}
