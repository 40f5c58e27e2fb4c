namespace Starling.Broker.Routing;

/// <summary>What became of a message to retain.</summary>
internal enum RetainedStoreResult
{
    None = 0,
    Stored,

    /// <summary>Nothing was changed: the message would have crossed the limit of messages or bytes.</summary>
    QuotaExceeded,
}
